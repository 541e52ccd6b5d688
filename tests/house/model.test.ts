import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { may, roles } from '../../src/domain/permissions.ts';
import { sessionIdleMs, sessionMostMs } from '../../src/services/members/session-life.ts';

/** What docs/security/model.md says is what the code does. */

const root = path.resolve(import.meta.dirname, '../..');
const model = readFileSync(path.join(root, 'docs/security/model.md'), 'utf8');
const settings = [
  ...readFileSync(path.join(root, '.env.example'), 'utf8').matchAll(/^#?([A-Z0-9_]+)=/gm),
].map(([, name = '']) => name);
const section = (title: string) => model.split(/^## /m).find((part) => part.startsWith(title)) ?? '';

test('each secret of the settings has its place and its way to be changed', () => {
  const secret = settings.filter((name) =>
    /TOKEN|SECRET|PASSWORD|KEY$|SMTP_URL|SLACK_WEBHOOK_URL|HEARTBEAT_URL/.test(name),
  );
  expect(secret.length).toBeGreaterThan(8);
  const table = section('Secrets and where they lie');
  expect(table).toContain('S3 keys');
  expect(secret.filter((name) => !/_S3_|NEXT_PUBLIC_/.test(name) && !table.includes(name))).toEqual([]);
});

test('each address that the product calls is told', () => {
  const outward = settings.filter(
    (name) => /_URL$/.test(name) && name !== 'APP_URL' && !/SUPABASE/.test(name),
  );
  const table = `${section('Whom ArbHub talks to')} ${section('Secrets and where they lie')}`;
  const some = /(TELEGRAM|WHATSAPP|PAGERDUTY)_API_URL/;
  expect(outward.filter((name) => !some.test(name) && !table.includes(name))).toEqual([]);
});

test('the roles may what the table says', () => {
  const rows = [...section('Roles').matchAll(/^\| +([^|]+?) +\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)];
  const told = Object.fromEntries(
    rows.map(([, what = '', ...columns]) => [what, columns.map((cell) => cell.trim() === 'yes')]),
  );
  const can = (action: Parameters<typeof may>[1]) => roles.map((role) => may({ role, name: 'x' }, action));
  expect(told['boards, account pages, alerts, analytics; own devices']).toEqual(can('accounts:read'));
  expect(told['acknowledge, snooze; notes and tags; CSV; own API keys']).toEqual(can('metrics:export'));
  expect(told['accounts, limits, vendors, archive']).toEqual(can('accounts:change'));
  expect(told['connections, channels, rules, members, simulation, logs']).toEqual(can('members:change'));
});

test('sessions live as long as it says', () => {
  expect(model).toContain(
    `idle ${sessionIdleMs / 3_600_000} hours, ${sessionMostMs / 86_400_000} days at most`,
  );
});

test('every part that asvs.md leans on is there', () => {
  for (const title of [
    'What is protected',
    'From whom',
    'Roles',
    'Ways in',
    'Secrets and where',
    'Whom ArbHub talks to',
    'What is written down',
    'Limits on purpose',
    'Packages',
    'What the operator must do',
    'Limits, openly',
  ])
    expect(section(title).length, title).toBeGreaterThan(300);
});
