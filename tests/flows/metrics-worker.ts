import { once } from 'node:events';
import { connectDatabase } from '../../src/adapters/database/connect.ts';
import { parseConfig } from '../../src/server/config.ts';
import { furnish } from '../../src/server/furnish.ts';
import { buildHouse } from '../../src/server/house.ts';
import { readFigures } from '../../src/server/triggers.ts';

/** A process that reads one metrics slot beside others, when its standard input says so. Its clock runs on from START_AT. */
const { DATABASE_URL = '', START_AT = '0', OWNER = 'worker' } = process.env;
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const database = connectDatabase({ to: DATABASE_URL, applicationName: 'worker' });
const house = buildHouse(parseConfig(process.env, false), database, silent, null);
const startedMs = performance.now();
const now = () => Promise.resolve(Math.round(Number(START_AT) + performance.now() - startedMs));

const deps = { ...house, owner: OWNER, clock: { ...house.clock, now } };

await furnish(deps);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const { outcome } = await readFigures(deps);
process.stdout.write(`${outcome}\n`);
process.exit(0);
