import { expect, test } from 'vitest';
import { clientAddress } from '../services/members/client-address.ts';
import { parseConfig } from './config.ts';
import { peerReader } from './peer-reader.ts';

const peerOf = peerReader(
  parseConfig({ TRUSTED_PROXIES: '172.16.0.0/12, 192.0.2.9, 2001:db8:9::/48' }, false).trustedProxies,
);

test.each([
  ['172.18.0.3', '198.51.100.4'],
  ['::ffff:172.18.0.3', '198.51.100.4'],
  ['192.0.2.9', '198.51.100.4'],
  ['2001:db8:9::7', '198.51.100.4'],
  ['127.0.0.1', '198.51.100.4'],
  // Whoever is not named counts himself, whatever he says.
  ['172.32.0.3', '172.32.0.3'],
  ['192.0.2.8', '192.0.2.8'],
  ['2001:db8:8::7', '2001:db8:8:0::/64'],
])('from %s, who says that he speaks for another, tries count under %s', (remote, counted) => {
  expect(clientAddress(peerOf(remote), '10.0.0.1, 198.51.100.4')).toBe(counted);
});

test('without the setting nobody but this machine is believed', () => {
  expect(parseConfig({}, false).trustedProxies).toEqual([]);
  expect(peerReader([])('172.18.0.3')).toBe('172.18.0.3');
  expect(() => parseConfig({ TRUSTED_PROXIES: 'proxy.local' }, false)).toThrow(
    'TRUSTED_PROXIES.0 must be addresses',
  );
});
