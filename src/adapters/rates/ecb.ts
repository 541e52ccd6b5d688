import type { Rate } from '../../domain/exchange.ts';
import type { RateSource } from '../../ports/rate-source.ts';

const longestMs = 10_000;
/** The list has about 2 KB. */
const longestAnswer = 100_000;

/** The European Central Bank's daily reference rates at `url`: one euro in some thirty currencies, each working day at 16:00. */
export function ecbRates(url: string): RateSource {
  return {
    name: 'ecb',
    async readRates(signal) {
      try {
        const response = await fetch(url, {
          redirect: 'error',
          headers: { accept: 'application/xml, text/xml' },
          signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
        });
        if (response.status !== 200) {
          await response.body?.cancel();
          return { problem: `HTTP ${response.status}` };
        }
        const text = await readAtMost(response, longestAnswer);
        if (text === null) return { problem: 'the answer is too long' };
        const rates = parseEcb(text);
        return rates.length === 0 ? { problem: 'the answer holds no rates' } : { rates };
      } catch (error) {
        return { problem: reasonOf(error) };
      }
    },
  };
}

const dayMark = /<Cube\s+time=(["'])(\d{4}-\d{2}-\d{2})\1\s*>/g;
const rateMark = /<Cube\s+currency=(["'])([A-Z]{3})\1\s+rate=(["'])(\d{1,9}(?:\.\d{1,9})?)\3\s*\/>/g;

/**
 * The rates of the answer; none when it is not the list that we know. Three attributes of one flat element are read, and their
 * values can hold neither quotes nor entities: a parser of all of XML would only bring more ways to be surprised.
 */
export function parseEcb(text: string): Rate[] {
  const days = [...text.matchAll(dayMark)];
  const day = days[0]?.[2];
  // The file of 90 days has the same shape; of two days nobody can say which one a rate belongs to.
  if (days.length !== 1 || day === undefined) return [];
  const rates = [...text.matchAll(rateMark)].map(([, , currency = '', , rate = '']): Rate => ({
    currency,
    perEuro: Number(rate),
    day,
  }));
  return new Set(rates.map(({ currency }) => currency)).size === rates.length ? rates : [];
}

async function readAtMost(response: Response, most: number): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = '';
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) return text;
    text += decoder.decode(part.value, { stream: true });
    if (text.length <= most) continue;
    await reader?.cancel();
    return null;
  }
}

/** The system's word for it; the error's own text can quote the answer. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
  return code === 'TimeoutError' ? 'no answer in time' : `no answer (${code})`;
}
