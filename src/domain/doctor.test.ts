import { expect, test } from 'vitest';
import { collectingRules } from './doctor-collecting.ts';
import { dayMs, hourMs, minuteMs, type DoctorFacts, type Level } from './doctor-facts.ts';
import { houseRules } from './doctor-house.ts';
import { tellObstacle, type Obstacle } from './doctor-obstacles.ts';
import { diagnose, isHealthy } from './doctor.ts';

const now = Date.parse('2026-11-24T12:00:00Z');

/** An installation with nothing to say about. */
const well: DoctorFacts = {
  now,
  settings: {
    isEmbedded: true,
    keyFrom: 'settings',
    hasHeartbeat: true,
    hasApp: true,
    hasBucket: true,
    isHttps: true,
    isLocal: false,
    hasCronSecret: false,
  },
  sweepMs: minuteMs,
  metricsMs: 5 * minuteMs,
  skewMs: 20,
  disk: { freeBytes: 50e9, totalBytes: 100e9 },
  isServed: true,
  unopened: [],
  admins: 1,
  connections: [
    {
      ...{ name: 'First', kind: 'meta', state: 'ok', stateReason: null, found: 5, readable: 5 },
      ...{ endsAt: Infinity, scopes: ['ads_read'], renewalFailed: null, versionWarning: null },
    },
  ],
  accounts: { watched: 10, withoutLimit: 1 },
  cycles: {
    status: now - minuteMs,
    daily: now - 12 * hourMs,
    metrics: {
      ...{ finishedAt: now - 4 * minuteMs, durationMs: 2000, attempted: 10, succeeded: 10, unasked: 0 },
      ...{ meanMs: 600, highestUsagePercent: 5, slowQueries: 0 },
    },
  },
  pauses: [],
  channels: [
    {
      ...{ name: 'default', takesCritical: true, disabledReason: null, pausedUntil: null },
      ...{ lastSentAt: now - hourMs, lastError: null, lastErrorAt: null },
    },
  ],
  deliveries: { oldestDueAt: now - 5000, dead: 0 },
  daysAhead: 13,
  backups: { newestAt: now - hourMs, provenAt: now - 10 * hourMs, isHourly: true },
  archiveProblems: [],
  audit: { accounts: 10, within: 10 },
};

test('where all is well nothing is said', () => {
  expect(diagnose(well)).toEqual([]);
  expect(isHealthy([])).toBe(true);
});

const connection = (otherwise: object) => ({ connections: [{ ...well.connections[0]!, ...otherwise }] });
const channel = (otherwise: object) => ({ channels: [{ ...well.channels[0]!, ...otherwise }] });
const settings = (otherwise: object) => ({ settings: { ...well.settings, ...otherwise } });
const cycles = (otherwise: object) => ({ cycles: { ...well.cycles, ...otherwise } });
const metrics = (otherwise: object) => cycles({ metrics: { ...well.cycles.metrics!, ...otherwise } });
const backups = (otherwise: object) => ({ backups: { ...well.backups!, ...otherwise } });

/** What is otherwise, and all that is said of it. */
const table: [Partial<DoctorFacts>, [Level, string][]][] = [
  [cycles({ status: null }), [['error', 'no sweep of the accounts has ended yet']]],
  [cycles({ status: now - 3 * minuteMs }), []],
  [cycles({ status: now - 4 * minuteMs }), [['error', 'the last sweep ended 4 min ago']]],
  [cycles({ metrics: null }), [['error', 'no cycle of figures has ended yet']]],
  [metrics({ finishedAt: now - 11 * minuteMs }), [['error', 'the last figures are 11 min old']]],
  [metrics({ succeeded: 9 }), [['error', 'the last cycle read 9 of 10 accounts']]],
  [metrics({ unasked: 3 }), [['error', '3 accounts could not be asked for: their connection does not work']]],
  [metrics({ meanMs: 3001 }), [['warning', 'Meta takes 3 s on average']]],
  [metrics({ durationMs: 46_000 }), [['warning', 'the last cycle took 46 s']]],
  [metrics({ slowQueries: 2 }), [['warning', '2 slow statements in the last cycle']]],
  [metrics({ highestUsagePercent: 80 }), [['warning', "80% of one of Meta's limits are used"]]],
  [
    connection({ state: 'token_dead', stateReason: 'expired' }),
    [['error', 'the token of "First" is dead: expired']],
  ],
  [connection({ state: 'stopped' }), [['error', 'Meta has stopped "First"']]],
  [connection({ state: 'paused' }), [['warning', '"First" is paused']]],
  [connection({ endsAt: now + 15 * dayMs }), []],
  [connection({ endsAt: now + 13 * dayMs }), [['warning', 'the token of "First" ends in 13 days']]],
  [connection({ endsAt: now + 6 * dayMs }), [['error', 'the token of "First" ends in 6 days']]],
  [connection({ endsAt: now - 3 * dayMs }), [['error', 'the token of "First" ended 3 days ago']]],
  [connection({ endsAt: null }), []],
  [connection({ renewalFailed: 'no' }), [['warning', 'the token of "First" could not be renewed: no']]],
  [connection({ scopes: ['pages_read'] }), [['error', 'the token of "First" lacks ads_read']]],
  [connection({ scopes: null }), []],
  [connection({ readable: 4 }), [['warning', '"First" may read 4 of the 5 accounts that it finds']]],
  [connection({ versionWarning: 'v26.0 ends' }), [['warning', 'Meta warns "First": v26.0 ends']]],
  [connection({ kind: 'simulation' }), [['note', 'there is no connection to Meta']]],
  [settings({ hasApp: false }), [['warning', 'META_APP_ID or META_APP_SECRET is not set']]],
  [
    { pauses: [{ scope: 'app:123', until: now + 10 * minuteMs, reason: 'code 4' }] },
    [['warning', 'Meta asks for a pause of 10 min (app: code 4)']],
  ],
  [
    { accounts: { watched: 10, withoutLimit: 2 } },
    [['note', 'the daily limit of 2 of 10 accounts is unknown']],
  ],
  [{ audit: { accounts: 10, within: 8 } }, [['warning', '2 of 10 account-days were off by more than 2%']]],
  [{ audit: null }, []],
  [
    { unopened: ['the token of connection 3'] },
    [['error', 'the token of connection 3 does not open with the keys at hand']],
  ],
  [settings({ keyFrom: 'file' }), [['note', 'the key that seals tokens is in a file']]],
  [{ channels: [] }, [['error', 'no channel gets critical alerts']]],
  [channel({ takesCritical: false }), [['error', 'no channel gets critical alerts']]],
  [
    channel({ disabledReason: 'webhook gone' }),
    [
      ['error', 'no channel gets critical alerts'],
      ['error', 'the channel "default" is switched off: webhook gone'],
    ],
  ],
  [channel({ pausedUntil: now + 30_000 }), []],
  [channel({ pausedUntil: now + 5 * minuteMs }), [['warning', 'the channel "default" is paused for 5 min']]],
  [
    channel({ lastError: 'no such chat', lastErrorAt: now }),
    [['warning', 'the last message through "default" failed: no such chat']],
  ],
  [channel({ lastError: 'busy', lastErrorAt: now - 2 * hourMs }), []],
  [
    { deliveries: { oldestDueAt: now - 3 * minuteMs, dead: 0 } },
    [['error', 'a message has been due for 3 min']],
  ],
  [
    { deliveries: { oldestDueAt: null, dead: 2 } },
    [['warning', '2 messages of the last week were undeliverable']],
  ],
  [{ admins: 0 }, [['error', 'there is no admin']]],
  [settings({ hasHeartbeat: false }), [['warning', 'HEARTBEAT_URL is not set']]],
  [
    { ...settings({ hasHeartbeat: false }), connections: [] },
    [
      ['note', 'there is no connection to Meta'],
      ['note', 'HEARTBEAT_URL is not set'],
    ],
  ],
  [settings({ isEmbedded: false }), [['note', 'CRON_SECRET is not set']]],
  [settings({ isEmbedded: false, hasCronSecret: true }), []],
  [{ isServed: false }, [['warning', 'no server answers at APP_URL']]],
  [settings({ isHttps: false }), [['warning', 'APP_URL is not https']]],
  [settings({ isHttps: false, isLocal: true }), []],
  [{ skewMs: 6000 }, [['warning', "this machine's clock is 6 s ahead of the database's"]]],
  [{ skewMs: -90_000 }, [['error', "this machine's clock is 90 s behind the database's"]]],
  [{ disk: null }, []],
  [
    { disk: { freeBytes: 1.5e9, totalBytes: 10e9 } },
    [['warning', '1.5 GB are free on the disk of the data directory']],
  ],
  [
    { disk: { freeBytes: 4e9, totalBytes: 100e9 } },
    [['warning', '4.0 GB are free on the disk of the data directory']],
  ],
  [
    { disk: { freeBytes: 0.2e9, totalBytes: 100e9 } },
    [['error', '0.2 GB are free on the disk of the data directory']],
  ],
  [{ daysAhead: null }, [['error', 'snapshots of today have no partition']]],
  [{ daysAhead: -1 }, [['error', 'snapshots of today have no partition']]],
  [{ daysAhead: 1 }, [['warning', 'the last partition of snapshots is 1 days ahead']]],
  [cycles({ daily: null }), [['warning', 'the daily run has not been through yet']]],
  [cycles({ daily: now - 27 * hourMs }), [['warning', 'the last daily run ended 27 h ago']]],
  [{ backups: null }, []],
  [backups({ newestAt: null, provenAt: null }), [['warning', 'there is no backup yet']]],
  [
    backups({ newestAt: null, provenAt: null, isHourly: false }),
    [['note', 'ArbHub has made no backup of this database']],
  ],
  [backups({ newestAt: now - 3 * hourMs }), [['warning', 'the newest backup is 3 h old']]],
  [backups({ newestAt: now - 3 * hourMs, isHourly: false }), []],
  [backups({ provenAt: null }), [['warning', 'no backup was proven by restoring it']]],
  [
    backups({ provenAt: now - 4 * dayMs }),
    [['warning', 'the last backup that was proven by restoring it is 4 days old']],
  ],
  [settings({ hasBucket: false }), [['note', 'archive and backups are in the data directory']]],
  [
    { archiveProblems: ['the day 2026-10-01 was not archived: no room'] },
    [['warning', 'the day 2026-10-01 was not archived: no room']],
  ],
];

test.each(table)('%j', (otherwise, said) => {
  const found = diagnose({ ...well, ...otherwise });
  expect(found.map(({ level, what }) => [level, what])).toEqual(said);
  expect(isHealthy(found)).toBe(said.every(([level]) => level === 'note'));
});

test('every line of the guide has been made to speak, and says why and what to do', () => {
  const spoken = new Set(
    table.flatMap(([otherwise]) => diagnose({ ...well, ...otherwise })).map(({ why }) => why),
  );
  const all = [...collectingRules, ...houseRules];
  expect(all.filter(({ why }) => !spoken.has(why))).toEqual([]);
  for (const { why, mend } of all)
    expect([why, mend]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
});

test('errors come first', () => {
  const levels = diagnose({ ...well, ...settings({ keyFrom: 'file', hasApp: false }), admins: 0 }).map(
    ({ level }) => level,
  );
  expect(levels).toEqual(['error', 'warning', 'note']);
});

const obstacles: [Obstacle, RegExp][] = [
  [{ kind: 'settings', lines: ['PORT must be a port number'] }, /^wrong setting: PORT must/],
  [{ kind: 'not_begun' }, /nothing was ever started/],
  [{ kind: 'unreachable', problem: 'ECONNREFUSED' }, /does not answer: ECONNREFUSED/],
  [{ kind: 'old_server', version: '14.9' }, /PostgreSQL 14\.9/],
  [{ kind: 'behind', missing: ['20261130400000'] }, /lacks migrations: 20261130400000/],
  [{ kind: 'ahead', newer: ['20991231000000'] }, /newer ArbHub \(20991231000000\)/],
];

test.each(obstacles)('%j stops the look and is told', (obstacle, what) => {
  const found = tellObstacle(obstacle);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ level: 'error', what: expect.stringMatching(what) as string });
  expect(found[0]!.why + found[0]!.mend).toMatch(/\.$/);
});
