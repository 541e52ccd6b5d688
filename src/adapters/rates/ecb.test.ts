import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ecbRates, parseEcb } from './ecb.ts';

/** As the European Central Bank publishes it, shortened. */
const list = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<Cube>
		<Cube time='2026-11-23'>
			<Cube currency='USD' rate='1.0812'/>
			<Cube currency='JPY' rate='162.4'/>
			<Cube currency='IDR' rate='17012.35'/>
		</Cube>
	</Cube>
</gesmes:Envelope>`;
const day = '2026-11-23';

let server: Server | null = null;
afterEach(() => server?.close());

async function answering(status: number, body: string, headers: Record<string, string> = {}) {
  server = createServer((_request, response) => response.writeHead(status, headers).end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return ecbRates(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}
const never = new AbortController().signal;

test('the published list is read', async () => {
  expect(await (await answering(200, list)).readRates(never)).toEqual({
    rates: [
      { currency: 'USD', perEuro: 1.0812, day },
      { currency: 'JPY', perEuro: 162.4, day },
      { currency: 'IDR', perEuro: 17012.35, day },
    ],
  });
});

test.each<[string, string]>([
  ['nothing', ''],
  ['a page of words', '<html><body>Maintenance</body></html>'],
  ['rates of no day', list.replace(/time='[^']*'/, '')],
  ['rates of two days', list.replace('</Cube>', "</Cube><Cube time='2026-11-20'>")],
  ['a currency twice', list.replace('JPY', 'USD')],
])('%s holds no rates', (_words, text) => {
  expect(parseEcb(text)).toEqual([]);
});

test('what is not a number in figures is not read', () => {
  const odd = list.replace('1.0812', '1e9').replace('162.4', '-4').replace('17012.35', '17,012');
  expect(parseEcb(odd)).toEqual([]);
});

test.each<[number, string, Record<string, string>, RegExp]>([
  [500, list, {}, /HTTP 500/],
  [302, '', { location: 'http://127.0.0.1:1/' }, /no answer/],
  [200, `${list}${' '.repeat(200_000)}`, {}, /too long/],
  [200, 'no list', {}, /no rates/],
])('an answer of %i is a problem in words', async (status, body, headers, problem) => {
  const source = await answering(status, body, headers);
  expect(await source.readRates(never)).toEqual({ problem: expect.stringMatching(problem) });
});

test('nobody there, and a stop in between, are problems too', async () => {
  const source = ecbRates('http://127.0.0.1:1/');
  expect(await source.readRates(never)).toEqual({ problem: expect.stringMatching(/no answer/) });
  expect(await source.readRates(AbortSignal.abort())).toEqual({
    problem: expect.stringMatching(/no answer/),
  });
});
