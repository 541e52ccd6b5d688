// The campaigns at their full size, one after the other; `npm run test:long -- tests/flows/leases` runs one. Takes hours.
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './prepare.mjs';

const campaigns = [
  'tests/flows/leases',
  'tests/flows/shared-slots',
  'tests/flows/pgbouncer',
  'tests/flows/kill',
  'tests/flows/alert-crashes',
  'tests/flows/alert-model',
  'tests/flows/alert-timelines',
  'tests/flows/stop',
  'tests/flows/database-faults',
  'tests/flows/clock-jumps',
  'tests/flows/error-table',
  'tests/flows/mutated-answers',
  'tests/flows/faulty-day',
  'tests/flows/three-days',
  'tests/flows/soak',
  'tests/flows/sign-in-campaign',
  'src/domain/csv.test.ts',
  'src/adapters/database/embedded-campaign',
  'src/store/day-roll',
  'src/services/upkeep/archive-campaign',
];

ensureInstalled();
const given = process.argv.slice(2);
const wanted = given.length > 0 ? given : campaigns;
const failed = wanted.filter((campaign) => {
  const { status } = spawnSync('npx', ['vitest', 'run', campaign], {
    stdio: 'inherit',
    env: { ...process.env, LONG: '1' },
    shell: process.platform === 'win32',
  });
  return status !== 0;
});
console.log(
  `\n${wanted.length - failed.length} passed, ${failed.length} failed${failed.map((name) => `\n  ${name}`).join('')}`,
);
process.exit(failed.length === 0 ? 0 : 1);
