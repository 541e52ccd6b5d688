import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/server/config.ts';
import { routeTable } from '../../src/server/route-table.ts';

/** What runs the product elsewhere names only what is there. That the files are whole is prettier's and systemd's to say. */

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const isThere = (file: string) => existsSync(path.join(root, file));
const packages = Object.keys((JSON.parse(read('package.json')) as { dependencies: object }).dependencies);

/** The files that a text runs with node. */
function scriptsOf(text: string): string[] {
  return [...text.matchAll(/(?:scripts|src)\/[\w./-]+\.(?:mjs|ts)/g)].map(([file]) => file);
}

describe('the container', () => {
  const text = read('Dockerfile');
  const ignored = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('!'));

  test('runs and copies only what is there and is not left out', () => {
    const named = [...scriptsOf(text), 'package.json', 'package-lock.json', '.npmrc'];
    expect(scriptsOf(text).length).toBeGreaterThan(3);
    expect(named.filter((file) => !isThere(file))).toEqual([]);
    const kept = [...named, 'src', 'public', 'supabase', 'simulator', 'next.config.ts', 'tsconfig.json'];
    expect(kept.filter((file) => ignored.includes(file.split('/')[0]!))).toEqual([]);
  });

  test('has no secrets in it and does not run as root', () => {
    for (const secret of ['.env', '.env.*', 'data', '.git']) expect(ignored).toContain(secret);
    const last = text.slice(text.lastIndexOf('\nFROM'));
    expect(last.indexOf('USER node')).toBeGreaterThan(0);
    expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('CMD ["node", "scripts/start.mjs"]'));
    expect(last).toMatch(/HEALTHCHECK [^\n]*CMD \["node", "scripts\/check-health\.mjs"\]/);
    // Nothing comes from elsewhere but the base and npm's packages.
    expect(text).not.toMatch(/curl|wget|ADD |apt-get/);
  });

  test('the settings that it brings are settings', () => {
    const given = [...text.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]);
    const settings = Object.fromEntries(given) as Record<string, string>;
    expect(parseConfig(settings, false)).toMatchObject({ host: '0.0.0.0', port: 3000, dataDir: '/data' });
  });

  test('what runs in it needs no package of the developers alone', () => {
    const developers = Object.keys(
      (JSON.parse(read('package.json')) as { devDependencies: object }).devDependencies,
    );
    const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.tsx?$/.test(file) && !/\.test\.|fixture/.test(file),
    );
    const wrong = files.flatMap((file) =>
      [...read(`src/${file}`).matchAll(/^import (?!type)[^;]* from '([^'.][^']*)'/gm)]
        .map(([, name = '']) => name)
        .filter((name) => developers.includes(name)),
    );
    expect(wrong).toEqual([]);
    expect(packages).toContain('tsx');
  });
});

test('compose runs what is there, keeps secrets out of itself, and restarts', () => {
  const text = read('compose.yaml');
  expect(scriptsOf(text).filter((file) => !isThere(file))).toEqual([]);
  expect(text).not.toMatch(/PASSWORD|SECRET|TOKEN|postgres:\/\//);
  const services = [...text.matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name);
  expect(services).toEqual(['arbhub', 'worker', 'database', 'data', 'database']);
  expect(text.match(/restart: unless-stopped/g)).toHaveLength(3);
  expect(text).toMatch(/image: postgres:15/);
  const [, trusted = ''] = /TRUSTED_PROXIES: (\S+)/.exec(text) ?? [];
  expect(parseConfig({ TRUSTED_PROXIES: trusted }, false).trustedProxies).toEqual(['172.16.0.0/12']);
});

const units = ['arbhub.service', 'arbhub-worker@.service'];

test.each(units)('%s starts what is there and is hardened', (unit) => {
  const text = read(`deploy/${unit}`);
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(text) ?? [];
  expect(scriptsOf(command)).toHaveLength(1);
  expect(scriptsOf(command).filter((file) => !isThere(file))).toEqual([]);
  for (const line of [
    'NoNewPrivileges=true',
    'ProtectSystem=strict',
    'PrivateTmp=true',
    'User=arbhub',
    'Restart=always',
  ])
    expect(text).toContain(`\n${line}\n`);
  const [, page = ''] = /Documentation=file:\/\/\/opt\/arbhub\/(\S+)/.exec(text) ?? [];
  expect(isThere(page)).toBe(true);
  // It has ten seconds of its own.
  expect(Number(/TimeoutStopSec=(\d+)/.exec(text)?.[1])).toBeGreaterThan(10);
});

const analyzer = '/usr/bin/systemd-analyze';
test.skipIf(!existsSync(analyzer))('systemd finds nothing wrong in the units', () => {
  const { stdout, stderr } = spawnSync(
    analyzer,
    ['verify', ...units.map((unit) => path.join(root, 'deploy', unit))],
    {
      encoding: 'utf8',
    },
  );
  const about = (stdout + stderr).split('\n').filter((line) => line.includes('arbhub'));
  expect(about.filter((line) => !line.includes('is not executable'))).toEqual([]);
});

test.each(['deploy/Caddyfile', 'deploy/nginx.conf'])(
  '%s hands over to the port that is published',
  (file) => {
    const text = read(file);
    expect(text).toContain('127.0.0.1:3000');
    expect(read('compose.yaml')).toContain("'127.0.0.1:3000:3000'");
    if (file.endsWith('.conf'))
      expect(text).toMatch(/Upgrade \$http_upgrade[\s\S]*Connection \$connection_upgrade/);
  },
);

test('Vercel calls each of the cron routes, and gives them a minute', () => {
  const { crons } = JSON.parse(read('vercel.json')) as { crons: { path: string; schedule: string }[] };
  const routes = Object.entries(routeTable).flatMap(([route, { GET }]) => (GET === 'cron' ? [route] : []));
  expect(crons.map((cron) => cron.path).sort()).toEqual(routes.sort());
  for (const { path: route, schedule } of crons) {
    expect(schedule).toMatch(/^(\S+ ){4}\S+$/);
    expect(read(`src/app${route}/route.ts`)).toContain('export const maxDuration = 60;');
  }
});
