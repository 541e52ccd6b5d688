import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** What the product does without, so that nothing can go wrong with it: docs/security/asvs.md relies on these absences. */

const root = path.resolve(import.meta.dirname, '../..');
const code = ['src', 'public']
  .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.[jt]sx?$/.test(entry.name) && !/\.test\.|fixture/.test(entry.name))
  .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));

/** Files that hold the pattern, in code or comment. */
const holding = (pattern: RegExp) => code.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test('the walk sees the whole product', () => {
  expect(code.length).toBeGreaterThan(400);
  expect(holding(/createHash\('sha256'\)/)).toContain('src/adapters/sign-in/secrets.ts');
});

test.each<[string, RegExp, string[]]>([
  ['text that is run as code', /\beval\(|new Function\(|node:vm|setTimeout\(['"`]|setInterval\(['"`]/, []],
  // A card's own markup as React has drawn it, and built styles: nothing that anybody has typed.
  [
    'text that becomes markup',
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write/i,
    ['src/app/style-text.tsx', 'src/ui/board/card-slot.tsx'],
  ],
  ['a shell', /execSync|\bexec\(\s*[`'"]|execFile|shell:\s*true|spawnSync/, []],
  [
    'programs other than the database and the simulated Meta',
    /child_process/,
    ['src/adapters/database/embedded-command.ts', 'src/adapters/simulation/simulator-process.ts'],
  ],
  [
    'weak hashes, ciphers and modes',
    /['"`](md4|md5|sha-?1|ripemd\w*|rc4|des\b|des-|aes-\d+-(ecb|cbc|ctr))['"`-]/i,
    // Six-digit codes: RFC 6238 with the one hash that every authenticator app knows.
    ['src/adapters/one-time-codes/totp.ts'],
  ],
  ['a padding of old', /RSA_PKCS1_PADDING|publicEncrypt|privateDecrypt/, []],
  // Pauses between tries and the spread of work; nothing that must not be guessed.
  ['dice that can be guessed', /Math\.random/, ['src/server/house.ts', 'src/ui/live/use-live-line.ts']],
  ['certificates that nobody looks at', /rejectUnauthorized|NODE_TLS_REJECT|checkServerIdentity/, []],
  [
    'messages between windows',
    /addEventListener\(\s*['"]message['"][^)]*origin|window\.postMessage|window\.opener|parent\.postMessage/,
    [],
  ],
  // Whether keys work on the board, and the theme: neither is anybody's secret.
  [
    'a store in the browser',
    /localStorage|sessionStorage|indexedDB|document\.cookie/,
    ['src/ui/board/on-key.ts', 'src/ui/kit/theme-switch.tsx'],
  ],
  [
    'files that somebody sends',
    /\.arrayBuffer\(\)|multer|busboy|formidable|type="file"/,
    ['src/ui/admin/fleet-import.tsx'],
  ],
  ['a document of XML that is parsed as such', /DOMParser|XMLParser|xml2js|libxml|parseFromString/, []],
  ['objects that are brought to life', /v8\.deserialize|node-serialize|yaml|pickle|funcster/i, []],
  [
    'an SVG, markdown or template of somebody',
    /marked\(|remark|handlebars|mustache|nunjucks|\bejs\b|\bpug\b/i,
    [],
  ],
  ['old technology of browsers', /<applet\s|<embed\s|<object\s|ActiveXObject|application\/x-shockwave/i, []],
  // The names of S3's own tags.
  ['patterns that are made at run time', /new RegExp\(/, ['src/adapters/archive/s3.ts']],
  ['format strings', /util\.format\(|printf\(|console\.log\(/, []],
  ['memory without bounds', /allocUnsafe|SharedArrayBuffer|WebAssembly|\.node['"]/, []],
  ['an answer of another origin', /access-control-allow/i, []],
  [
    'an address to go to that somebody else has named',
    /redirect\((?!['"`]\/)|location\.(assign|replace)\((?!['"`]\/)/,
    [],
  ],
])('there is no place for %s', (_what, pattern, known) => {
  expect(holding(pattern).filter((file) => !known.includes(file))).toEqual([]);
});

test('no package brings what the product says it does not have', () => {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const names = Object.entries(lock.packages)
    .filter(([, { dev }]) => dev !== true)
    .map(([place]) => place.replace(/^.*node_modules\//, ''));
  expect(names.length).toBeGreaterThan(50);
  const kinds =
    /ldap|xpath|latex|jndi|memcache|graphql|saml|openid|oauth|webrtc|wrtc|simple-peer|xmldom|xml2js|libxml|multer|formidable|multiparty|unzip|adm-zip|yauzl|jsonwebtoken|passport|tracker|analytics|sentry|posthog/i;
  expect(names.filter((name) => kinds.test(name))).toEqual([]);
});
