/** What the form for the history as CSV holds; what is empty does not narrow. */
export interface ExportAsk {
  from: string;
  to: string;
  every: string;
  vendor: string;
  account: string;
}

const mostDays = 400;
const dayMs = 86_400_000;

/** The address of the file, or why there is none. Days are UTC, `to` is the last one in it. */
export function exportAddress({
  from,
  to,
  every,
  vendor,
  account,
}: ExportAsk): { href: string } | { problem: string } {
  const [start, end] = [Date.parse(from), Date.parse(to) + dayMs];
  if (Number.isNaN(start) || Number.isNaN(end)) return { problem: 'Choose the first and the last day.' };
  if (start >= end) return { problem: 'The first day must not be after the last one.' };
  if (end - start > mostDays * dayMs) return { problem: `Ask for at most ${mostDays} days at once.` };
  if (account !== '' && !/^act_[0-9]{1,20}$/.test(account))
    return { problem: 'An account id is act_ and its digits, like act_1234567890.' };
  const search = new URLSearchParams({ from, to: new Date(end).toISOString().slice(0, 10), every });
  if (vendor !== '') search.set('vendor', vendor);
  if (account !== '') search.set('account', account);
  return { href: `/api/v1/export/metrics.csv?${search.toString()}` };
}
