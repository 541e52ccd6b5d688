import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

test.each<[string | null, string | null, string]>([
  ['192.0.2.7', null, '192.0.2.7'],
  ['::ffff:192.0.2.7', null, '192.0.2.7'],
  // A client of the open net says what it likes in the header.
  ['192.0.2.7', '10.0.0.1', '192.0.2.7'],
  // A proxy on this machine: its own entry is the last.
  ['127.0.0.1', '10.9.9.9, 198.51.100.4', '198.51.100.4'],
  ['::1', '198.51.100.4', '198.51.100.4'],
  ['::ffff:127.0.0.1', ' 198.51.100.4 ', '198.51.100.4'],
  ['127.0.0.1', null, '127.0.0.1'],
  ['127.0.0.1', 'garbage', '127.0.0.1'],
  // No server of ours: the platform has written the header.
  [null, '198.51.100.4', '198.51.100.4'],
  [null, null, 'unknown'],
  ['2001:db8:1:2:3:4:5:6', null, '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::9', null, '2001:db8:1:2::/64'],
  ['2001:db8::9', null, '2001:db8:0:0::/64'],
  ['fe80::1%eth0', null, 'fe80:0:0:0::/64'],
])('peer %s, forwarded for %s: %s', (peer, forwardedFor, expected) => {
  expect(clientAddress(peer, forwardedFor)).toBe(expected);
});
