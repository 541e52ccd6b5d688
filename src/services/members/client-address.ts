import { isIPv4, isIPv6 } from 'node:net';

/** Our own server writes the address of the other end here, over whatever came in. */
export const peerHeader = 'x-arbhub-peer';

/**
 * The address that tries are counted under. Behind a reverse proxy on this machine the peer is the proxy, and the last
 * entry of X-Forwarded-For is the one that it has written itself; all earlier ones are the client's own words.
 */
export function clientAddress(peer: string | null, forwardedFor: string | null): string {
  const direct = normalAddress(peer ?? '');
  if (direct !== null && !isLoopback(direct)) return direct;
  const forwarded = normalAddress(forwardedFor?.split(',').at(-1)?.trim() ?? '');
  return forwarded ?? direct ?? 'unknown';
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '0:0:0:0::/64';
}

/** IPv4 as it is; of IPv6 the first 64 bits, because one customer owns all that follow. */
function normalAddress(text: string): string | null {
  const plain = text.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return null;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, gap)).fill('0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
