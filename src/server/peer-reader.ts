import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What a proxy on this machine looks like: its word about whom it speaks for is believed. */
const asLocal = '127.0.0.1';

/** Tells the address of the other end of a connection; a proxy that is trusted counts as one on this machine. */
export function peerReader(trusted: readonly string[]): (remote: string) => string {
  const list = new BlockList();
  for (const one of trusted) {
    const [address = '', bits] = one.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return (remote) => {
    const plain = remote.replace(/^::ffff:(?=\d+\.)/i, '');
    const isTrusted = isIPv4(plain) ? list.check(plain, 'ipv4') : isIPv6(plain) && list.check(plain, 'ipv6');
    return isTrusted ? asLocal : remote;
  };
}
