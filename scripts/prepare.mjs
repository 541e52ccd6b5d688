// What start and test have in common: the packages and the build are there, and are those of this very source.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 9))
  fail(`ArbHub needs Node 20.9 or later; this is ${process.versions.node}.`);

/** Installs the packages of the lock file, unless exactly these are installed. */
export function ensureInstalled() {
  const wanted = digest(['package.json', 'package-lock.json']);
  if (stampOf('node_modules/.arbhub-installed') === wanted) return;
  console.log('Installing packages …');
  // With NODE_ENV=production npm would leave out what the build needs.
  run('npm', ['ci', '--no-audit', '--no-fund'], { NODE_ENV: 'development' });
  writeFileSync('node_modules/.arbhub-installed', wanted);
}

/** Builds the pages, unless they are built from exactly this source. */
export function ensureBuilt() {
  const wanted = digest(['package-lock.json', 'next.config.ts', 'tsconfig.json', ...filesBelow('src')]);
  if (stampOf('.next/arbhub-built') === wanted) return;
  console.log('Building the pages …');
  run('npx', ['next', 'build'], { NODE_ENV: 'production' });
  compressScripts();
  writeFileSync('.next/arbhub-built', wanted);
}

/** Compresses once, and as far as it goes, what the server would otherwise compress in a hurry for every visitor. */
function compressScripts() {
  for (const file of filesBelow('.next/static').filter((name) => /\.(js|css)$/.test(name))) {
    const text = readFileSync(file);
    // Without parameters brotli takes its best quality.
    writeFileSync(`${file}.br`, brotliCompressSync(text));
    writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
  }
}

/** Runs a command to its end and gives up when it fails. */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env, NEXT_TELEMETRY_DISABLED: '1' },
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.`);
}

export function fail(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

function stampOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
