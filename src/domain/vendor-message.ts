/** The report that a buyer pastes to the vendor who rents the account out. All values arrive formatted. */
export interface VendorReport {
  accountId: string;
  vendor: string;
  /** `Account suspended`, `Account closing`, `Account closed`. */
  headline: string;
  /** With the zone named: `Nov 24, 2026, 10:22 AM EST`. */
  since: string;
  finalSpend: string | null;
  dailyLimit: string | null;
  reason: string | null;
  fundsLeft: string | null;
}

/** The text to paste; lines whose value is unknown are left out, never filled with zero. */
export function vendorMessage(report: VendorReport): string {
  const limit = report.dailyLimit === null ? '' : ` of ${report.dailyLimit} daily cap`;
  return [
    `${report.headline}: ${report.accountId}`,
    `Vendor: ${report.vendor}`,
    `${report.headline.replace('Account ', '').replace(/^./, (c) => c.toUpperCase())}: ${report.since}`,
    report.finalSpend === null ? null : `Final spend: ${report.finalSpend}${limit}`,
    report.reason === null ? null : `Reason: ${report.reason}`,
    report.fundsLeft === null ? null : `Funds left: ${report.fundsLeft}`,
    'Replacement needed',
  ]
    .filter((line) => line !== null)
    .join('\n');
}
