import { describe, expect, test } from 'vitest';
import { everyCard, fixtureNow } from '../board/board.fixture.ts';
import { lookOf } from './look.ts';
import { viewSpend } from './spend-view.ts';

function view(name: string, isStale = false) {
  const card = everyCard.find((entry) => entry.name === name);
  if (card === undefined) throw new Error(`no card ${name}`);
  const seen = viewSpend(card, lookOf(card), isStale, fixtureNow);
  return { ...seen, foot: `${seen.before}${seen.end ?? ''}${seen.after}`.replaceAll('\u00a0', ' ') };
}

describe('the daily question', () => {
  test('a limit, a projection and the time of meeting', () => {
    expect(view('US-Solar-03')).toMatchObject({
      now: '$118.90',
      limit: '/ $250.00',
      percent: '47.6%',
      pace: 'ON TARGET',
      foot: 'ends ≈ $250 · limit ≈ 22:21 EST',
      bar: { kind: 'limited', spent: 47.6, isFull: false },
    });
  });

  test('a limit that is reached counts down to midnight of the account', () => {
    const { pace, bar, resetsAt } = view('FR-Solar-02');
    expect([pace, bar.isFull, bar.projected]).toEqual(['LIMIT REACHED', true, null]);
    expect(resetsAt).toBe(Date.UTC(2026, 10, 24, 23, 0));
  });

  test('what cannot deliver ends where it stopped', () => {
    const { pace, foot, bar } = view('DE-Leads-07');
    expect([pace, foot, bar.projected]).toEqual(['UNDER', 'stopped 14:05 · ends ≈ €318', null]);
    expect(bar.expected).toBeGreaterThan(60);
  });

  test('too early to say', () => {
    expect(view('JP-Beauty-01')).toMatchObject({ pace: 'EARLY', foot: '38 min into the day' });
  });

  test('no limit and unknown limit look different', () => {
    expect(view('US-Retail-21')).toMatchObject({ limit: 'no daily limit', bar: { kind: 'open' } });
    expect(view('ID-Loans-01')).toMatchObject({ limit: '/ — limit unknown', bar: { kind: 'hatched' } });
  });

  test('an old figure is told with its time and is not projected', () => {
    expect(view('US-Finance-12', true)).toMatchObject({ foot: 'as of 10:13 EST', bar: { projected: null } });
    expect(view('UK-Home-05')).toMatchObject({ foot: 'frozen at 15:02 GMT', bar: { projected: null } });
  });
});

test('what was never read says so', () => {
  const never = everyCard.find((card) => card.metricsAt === null);
  if (never === undefined) throw new Error('the fixture lost its unread account');
  expect(viewSpend(never, 'unknown', false, fixtureNow)).toMatchObject({ now: null, before: 'not read yet' });
});
