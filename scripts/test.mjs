// The whole check, fast first: format, lint, types, arrows, unused code, then unit, integration and browser tests.
// Ends with one line, `N passed, N failed`, and a matching exit status.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, fail } from './prepare.mjs';

ensureInstalled();
const { findBrowser } = await import('./find-browser.mjs');
ensureBrowser();

let passed = 0;
let failed = 0;

const checks = ['format', 'lint', 'types', 'arrows', 'unused'];
// Two at a time: the least that a machine has.
const waiting = [...checks];
await Promise.all([checkNext(), checkNext()]);
// Unit tests need no build, so both run side by side.
const unit = vitest('unit');
ensureBuilt();
await unit;
for (const project of ['integration', 'browser']) await vitest(project);

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function checkNext() {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const { code, output } = await capture('npm', ['run', '--silent', check]);
    if (code === 0) passed += 1;
    else failed += 1;
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check}`);
    if (code !== 0) console.log(output);
  }
}

function capture(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { shell: process.platform === 'win32' });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ code, output }));
  });
}

async function vitest(project) {
  const folder = mkdtempSync(path.join(tmpdir(), 'arbhub-test-'));
  const file = path.join(folder, 'report.json');
  const args = [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const code = await new Promise((resolve) =>
    spawn('npx', args, { stdio: 'inherit', shell: process.platform === 'win32' }).on('close', resolve),
  );
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  passed += report?.numPassedTests ?? 0;
  const broken = report?.numFailedTests ?? 0;
  // A run that ended badly without a failed test (a file that did not load, an open handle) counts as one failure.
  failed += code === 0 ? broken : Math.max(1, broken);
  rmSync(folder, { recursive: true, force: true });
}

function ensureBrowser() {
  if (findBrowser() !== null) return;
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (isDebianRoot) {
    console.log('Installing Chromium …');
    const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update'], quiet);
    spawnSync('apt-get', ['install', '-y', 'chromium'], quiet);
  }
  if (findBrowser() === null)
    fail('The browser tests need Chromium or Chrome: install one, or name it with CHROMIUM_PATH.');
}
