/** What an entry of Meta's activity log is about, as far as its layout is known. */
export interface ActivityDetail {
  about: 'status' | 'cap' | 'rejected' | 'paid' | 'unpaid' | 'other';
  /** Rejected ads, where the entry counts them; else the entry stands for one. */
  ads: number | null;
}

const abouts: Readonly<Record<string, ActivityDetail['about']>> = {
  ad_account_update_status: 'status',
  ad_account_update_spend_limit: 'cap',
  ad_account_reset_spend_limit: 'cap',
  ad_account_remove_spend_limit: 'cap',
  ad_review_declined: 'rejected',
  ad_account_billing_charge: 'paid',
  funding_event_successful: 'paid',
  ad_account_billing_charge_failed: 'unpaid',
  ad_account_billing_decline: 'unpaid',
};

/** Reads an entry; Meta's own text differs by event and changes, so what it does not hold stays null. */
export function readActivity(eventType: string, extra: string): ActivityDetail {
  const { ads } = parse(extra);
  const isCount = typeof ads === 'number' && Number.isSafeInteger(ads) && ads >= 0;
  return { about: abouts[eventType] ?? 'other', ads: isCount ? ads : null };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
