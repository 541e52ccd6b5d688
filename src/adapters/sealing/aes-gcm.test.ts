import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { aesGcmSealer } from './aes-gcm.ts';
import { fileKeys } from './key-file.ts';
import { keyOf, parseKey, settingsKeys } from './key-ring.ts';

const [one, other] = [randomBytes(32), randomBytes(32)];
const sealer = aesGcmSealer(settingsKeys(one, []));
const token = 'EAAExampleToken123';
const flipped = (sealed: Uint8Array, bit: number) =>
  sealed.with(bit >> 3, (sealed[bit >> 3] ?? 0) ^ (1 << (bit & 7)));

describe('sealing', () => {
  test.each(['', token, 'zwölf ✓', 'x'.repeat(5000)])('%# goes in and comes out', (text) => {
    expect(sealer.open(sealer.seal(text, 'token', '1'), 'token', '1')).toEqual({ ok: true, text });
  });

  test('shows its layout, hides its text, and never repeats itself', () => {
    const all = Array.from({ length: 200 }, () => sealer.seal(token, 'token', '1'));
    for (const sealed of all) {
      expect(sealed).toHaveLength(1 + 4 + 12 + token.length + 16);
      expect(sealed[0]).toBe(1);
      expect(Buffer.from(sealed.subarray(1, 5)).toString('hex')).toBe(keyOf(one).id);
      expect(Buffer.from(sealed).includes(token.slice(0, 6))).toBe(false);
    }
    expect(new Set(all.map((sealed) => Buffer.from(sealed.subarray(5, 17)).toString('hex'))).size).toBe(200);
  });

  test('5,000 flipped bits are all noticed', () => {
    const sealed = sealer.seal(token, 'token', '1');
    const bits = Array.from({ length: 5000 }, () => randomInt(sealed.length * 8));
    for (let bit = 0; bit < sealed.length * 8; bit++) bits[bit] = bit;
    const unnoticed = bits.filter((bit) => sealer.open(flipped(sealed, bit), 'token', '1').ok);
    expect(bits).toHaveLength(5000);
    expect(unnoticed).toEqual([]);
  });

  test('cut and lengthened bytes are noticed', () => {
    const sealed = sealer.seal(token, 'token', '1');
    for (let length = 0; length < sealed.length; length++)
      expect(sealer.open(sealed.subarray(0, length), 'token', '1').ok).toBe(false);
    expect(sealer.open(new Uint8Array([...sealed, 0]), 'token', '1').ok).toBe(false);
  });

  test.each([
    ['token', '2'],
    ['webhook', '1'],
    ['token","1', ''],
    ['', 'token1'],
  ])('a swapped place (%j, %j) is noticed', (purpose, rowId) => {
    expect(sealer.open(sealer.seal(token, 'token', '1'), purpose, rowId)).toEqual({
      ok: false,
      problem: 'the stored bytes were changed, or belong to another row',
    });
  });

  test('a key that is not known is named by its id; a previous one opens and does not seal', () => {
    const sealed = sealer.seal(token, 'token', '1');
    expect(aesGcmSealer(settingsKeys(other, [])).open(sealed, 'token', '1')).toEqual({
      ok: false,
      problem: `it was sealed with key ${keyOf(one).id}, which is not known here`,
    });
    const both = aesGcmSealer(settingsKeys(other, [one]));
    expect(both.open(sealed, 'token', '1')).toEqual({ ok: true, text: token });
    expect([both.isCurrent(sealed), both.isCurrent(both.seal(token, 'token', '1'))]).toEqual([false, true]);
    expect(both.beginRotation()).toBe('settings');
  });
});

test.each([
  [one.toString('base64'), true],
  [one.toString('base64url'), true],
  [one.toString('hex'), false],
  [randomBytes(31).toString('base64'), false],
  [randomBytes(33).toString('base64'), false],
  ['', false],
])('%# is a key: %s', (text, isOne) => expect(parseKey(text) !== null).toBe(isOne));

describe('keys in files', () => {
  let folder = mkdtempSync(path.join(tmpdir(), 'arbhub-keys-'));
  const lines: unknown[] = [];
  const write = (event: string, fields?: object) => lines.push({ event, ...fields });
  const log = { info: write, warn: write, error: write };
  const openKeys = (spare: Uint8Array[] = []) => aesGcmSealer(fileKeys(folder, spare, log));
  const file = () => path.join(folder, 'encryption.key');
  beforeEach(() => {
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(path.join(tmpdir(), 'arbhub-keys-'));
    lines.length = 0;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are made at the first sealing, for the owner alone, once, and nothing else is left behind', () => {
    const sealed = openKeys().seal(token, 'token', '1');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['encryption.key']);
    expect(lines).toEqual([{ event: expect.stringContaining('back it up') as string, file: file() }]);
    expect(JSON.stringify(lines)).not.toContain(readFileSync(file(), 'utf8').trim());
    expect(openKeys().open(sealed, 'token', '1')).toEqual({ ok: true, text: token });
    expect(lines).toHaveLength(1);
  });

  test('opening makes none', () => {
    expect(openKeys().open(sealer.seal(token, 'token', '1'), 'token', '1').ok).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    expect(openKeys([one]).open(sealer.seal(token, 'token', '1'), 'token', '1').ok).toBe(true);
  });

  test('a file that holds no key stops with its name and without its content', () => {
    writeFileSync(file(), 'half a ke');
    expect(() => openKeys().seal(token, 'token', '1')).toThrow(/encryption\.key does not hold a key/);
    expect(() => openKeys().prepare()).not.toThrow(/half a ke/);
    expect(openKeys([other]).open(sealer.seal(token, 'token', '1'), 'token', '1').ok).toBe(false);
    expect(JSON.stringify(lines)).toContain('a file of keys cannot be read');
    expect(JSON.stringify(lines)).not.toContain('half a ke');
    expect(readFileSync(file(), 'utf8')).toBe('half a ke');
  });

  test('a directory that cannot be made says what to set', () => {
    writeFileSync(path.join(folder, 'file'), '');
    const keys = fileKeys(path.join(folder, 'file', 'below'), [], log);
    expect(() => keys.current()).toThrow(/set ENCRYPTION_KEY/);
  });

  test('a rotation elsewhere is met without a restart, in both directions', () => {
    const server = openKeys();
    const old = server.seal(token, 'token', '1');
    const tool = openKeys();
    expect(tool.beginRotation()).toBe('begun');
    expect(readdirSync(folder).sort()).toEqual(['encryption.key', 'encryption.key.previous']);
    expect(statSync(`${file()}.previous`).mode & 0o777).toBe(0o600);
    const fresh = tool.seal(token, 'token', '1');
    expect(server.open(fresh, 'token', '1').ok).toBe(true);
    expect(server.isCurrent(server.seal(token, 'token', '1'))).toBe(true);
    expect([tool.isCurrent(old), openKeys().open(old, 'token', '1').ok]).toEqual([false, true]);
    expect(openKeys().beginRotation()).toBe('resumed');
    tool.endRotation();
    expect(openKeys().open(old, 'token', '1').ok).toBe(false);
    expect(openKeys().open(fresh, 'token', '1').ok).toBe(true);
    expect(tool.beginRotation()).toBe('begun');
  });
});
