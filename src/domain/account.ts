/** An ad account's id as Meta's Graph API writes the node: `act_` and 1 to 20 digits. Always text, never a number. */
export type AccountId = `act_${string}`;

const pattern = /^act_[0-9]{1,20}$/;

/** The id, or null when the text is not one. */
export function parseAccountId(text: unknown): AccountId | null {
  return typeof text === 'string' && pattern.test(text) ? (text as AccountId) : null;
}

/** The vendor word of an account that nobody has assigned yet. */
export const unassignedVendor = 'Unassigned';
