import { describe, expect, it } from 'vitest';
import { accountsQuery, boardQuery } from './account.ts';
import { eventsQuery } from './event.ts';
import { writeCursor } from './parameters.ts';

const accountPage = writeCursor('a', 'act_42');
const eventPage = writeCursor('e', '42');

describe('a query that can be read', () => {
  it('has a limit of 100 when it names none', () => {
    expect(accountsQuery.parse({})).toEqual({ limit: 100 });
    expect(eventsQuery.parse({})).toEqual({ limit: 100 });
  });

  it.each([
    [accountsQuery, { limit: '1' }, { limit: 1 }],
    [accountsQuery, { limit: '500', cursor: accountPage }, { limit: 500, cursor: 'act_42' }],
    [eventsQuery, { cursor: eventPage }, { limit: 100, cursor: 42 }],
    [eventsQuery, { since: '2026-11-24' }, { limit: 100, since: Date.UTC(2026, 10, 24) }],
    [eventsQuery, { since: '2026-11-24T02:00:00+02:00' }, { limit: 100, since: Date.UTC(2026, 10, 24) }],
    [eventsQuery, { since: '0000-01-01' }, { limit: 100, since: 0 }],
    [boardQuery, {}, {}],
    [boardQuery, { ids: 'act_1,act_2' }, { ids: ['act_1', 'act_2'] }],
  ])('%# gives what it says', (query, given, expected) => {
    expect(query.parse(given)).toEqual(expected);
  });
});

describe('a query that cannot be read', () => {
  it.each([
    [accountsQuery, { limit: '0' }, 'limit must be a whole number from 1 to 500'],
    [accountsQuery, { limit: '501' }, 'limit must be a whole number from 1 to 500'],
    [accountsQuery, { limit: '1.5' }, 'limit must be a whole number from 1 to 500'],
    [accountsQuery, { limit: '' }, 'limit must be a whole number from 1 to 500'],
    [accountsQuery, { limit: 'all' }, 'limit must be a whole number from 1 to 500'],
    [accountsQuery, { state: 'dead' }, /^state must be one of active, warning, suspended, .*, unknown$/],
    [accountsQuery, { vendor: '' }, /^vendor must be 1 to 100 characters/],
    [accountsQuery, { q: 'a\u0000b' }, /^q must be 1 to 100 characters without control characters$/],
    [accountsQuery, { connection: 'x'.repeat(101) }, /^connection must be 1 to 100 characters/],
    [accountsQuery, { cursor: eventPage }, /^cursor must be the next_cursor/],
    [accountsQuery, { cursor: 'act_42' }, /^cursor must be the next_cursor/],
    [accountsQuery, { cursor: '' }, /^cursor must be the next_cursor/],
    [eventsQuery, { cursor: accountPage }, /^cursor must be the next_cursor/],
    [eventsQuery, { cursor: writeCursor('e', '9'.repeat(16)) }, /^cursor must be the next_cursor/],
    [eventsQuery, { since: 'yesterday' }, /^since must be an ISO 8601 instant .* or a date/],
    [eventsQuery, { since: '2026-02-30' }, /^since must be/],
    [eventsQuery, { since: '2026-11-24T10:00:00' }, /^since must be/],
    [eventsQuery, { account: '42' }, 'account must be an account id: act_ and 1 to 20 digits'],
    [eventsQuery, { kind: 'banned' }, /^kind must be one of status_changed, .*, unarchived$/],
    [boardQuery, { ids: 'act_1,,act_2' }, /^ids must be an account id/],
    [boardQuery, { ids: Array(501).fill('act_1').join(',') }, 'ids must be at most 500 account ids'],
  ])('%# says what is wrong and what is allowed: %o', (query, given, expected) => {
    const result = query.safeParse(given);
    const messages = result.success ? [] : result.error.issues.map((issue) => issue.message);
    expect(messages).toEqual([expect.stringMatching(expected)]);
  });
});
