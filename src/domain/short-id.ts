const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const size = 2 ** 30;

/**
 * The six characters that name an alert in every message and in the API: Crockford base 32 of the id, scattered by an odd
 * factor so that neighbours look different. Unique for the first 2^30 alerts.
 */
export function shortId(alertId: number): string {
  let rest = Number((BigInt(alertId) * 387_420_489n) % BigInt(size));
  let text = '';
  for (let i = 0; i < 6; i++) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
