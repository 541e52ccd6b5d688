import type { AccountId } from '../../domain/account.ts';
import { addDays, localDay } from '../../domain/calendar.ts';
import type { Failure, Result } from '../../domain/observation.ts';
import type {
  AccountSource,
  MetricsReading,
  MetricsRequest,
  StatusPage,
  StatusStory,
} from '../../ports/account-source.ts';
import { runAsks, type Ask, type BatchPlan } from './batch.ts';
import { metaClient, type Answer, type MetaClient, type MetaSettings } from './client.ts';
import { shapeFailure, type MetaFailure } from './failures.ts';
import {
  observeAccount,
  observeAds,
  observeHistory,
  observeLimit,
  observeRow,
  observeToday,
} from './observe.ts';
import { activities, insights, page } from './schema.ts';
import { UsageMeter } from './usage.ts';

const statusFields =
  'id,account_id,name,account_status,disable_reason,currency,timezone_name,amount_spent,spend_cap,balance,business{id,name}';
const dayFields = 'account_id,spend,impressions,clicks,cpc,outbound_clicks';
const pageSize = 100;
const mostPages = 1000;
const historyDays = 30;

/** One connection to Meta (or to any server that speaks Graph) as the house's `AccountSource`. */
export function metaAccountSource(
  settings: MetaSettings,
  plan: BatchPlan,
  elapsed: () => number,
): AccountSource {
  const meter = new UsageMeter();
  const client = metaClient(settings, meter, elapsed);

  return {
    async *listStatuses(signal) {
      let after: string | null = null;
      let size = pageSize;
      const seen = new Set<string>();
      for (let n = 0; n < mostPages; n++) {
        const cursor: Record<string, string> = after === null ? {} : { after };
        const ask = (limit: number) =>
          client.get('me/adaccounts', { fields: statusFields, limit: String(limit), ...cursor }, signal);
        const answer = await tryAgain(plan, signal, async (last) => {
          if (last?.remedy === 'shrink') size = Math.max(1, Math.floor(size / 2));
          return ask(size);
        });
        if (!answer.ok) return answer.failure;
        const parsed = page.safeParse(answer.body);
        if (!parsed.success) return shapeFailure('list of accounts: not a page');
        const into: StatusPage = { readings: [], failures: [] };
        for (const row of parsed.data.data) observeRow(row, into);
        yield into;
        const next = parsed.data.paging?.cursors?.after;
        if (parsed.data.paging?.next === undefined || next === undefined) return null;
        if (seen.has(next)) return shapeFailure('list of accounts: the same cursor twice');
        seen.add(next);
        after = next;
      }
      return shapeFailure(`list of accounts: more than ${mostPages} pages`);
    },

    async *readStatuses(accountIds, signal) {
      const asks = accountIds.map((accountId): Ask<StatusPage> => ({
        items: [{ path: accountId, params: { fields: statusFields } }],
        read: ([body]) => {
          const reading = observeAccount(accountId, body);
          return reading.ok
            ? { readings: [reading.value], failures: [] }
            : { readings: [], failures: [{ accountId, failure: reading.failure }] };
        },
        fail: (failure) => ({ readings: [], failures: [{ accountId, failure }] }),
      }));
      const run = runAsks(client, asks, plan, signal);
      for (;;) {
        const step = await run.next();
        if (step.done) return step.value;
        yield {
          readings: step.value.flatMap(({ readings }) => readings),
          failures: step.value.flatMap(({ failures }) => failures),
        };
      }
    },

    readMetrics: (requests, at, signal) => runAsks(client, metricsAsks(requests, at), plan, signal),

    readStory: (accountId, since, signal) => readStory(client, accountId, since, signal),

    async checkToken(signal) {
      const answer = await tryAgain(plan, signal, () => client.get('me', { fields: 'id' }, signal));
      return answer.ok ? { ok: true, value: null } : answer;
    },

    takeUsage: () => meter.take(),
  };
}

/** Up to three tries for what may pass by itself. `ask` hears of the failure before. */
async function tryAgain(
  plan: BatchPlan,
  signal: AbortSignal,
  ask: (last: MetaFailure | null) => Promise<Answer>,
): Promise<Answer> {
  let answer = await ask(null);
  for (let attempt = 1; attempt < 3 && !answer.ok && !signal.aborted; attempt++) {
    const { remedy } = answer.failure;
    if (remedy !== 'retry' && remedy !== 'shrink' && (remedy !== 'unknown' || attempt > 1)) break;
    await plan.sleep(plan.random() * 1000 * 2 ** (attempt - 1), signal);
    answer = await ask(answer.failure);
  }
  return answer;
}

/** Today's figures of all come first, so that the slow reads never hold them up. */
function metricsAsks(requests: readonly MetricsRequest[], at: number): Ask<MetricsReading>[] {
  const pick = (aspect: keyof MetricsRequest['wants']) => requests.filter(({ wants }) => wants[aspect]);
  const nothing = { today: null, ads: null, limit: null, history: null };
  const fail =
    (accountId: AccountId, aspect: keyof MetricsRequest['wants']) =>
    (failure: Failure): MetricsReading => ({ ...nothing, accountId, [aspect]: { ok: false, failure } });
  return [
    ...pick('today').map((owner): Ask<MetricsReading> => ({
      items: [
        {
          path: `${owner.accountId}/insights`,
          params: { level: 'account', date_preset: 'today', fields: dayFields },
        },
      ],
      read: ([body]) => ({ ...nothing, accountId: owner.accountId, today: observeToday(owner, at, body) }),
      fail: fail(owner.accountId, 'today'),
    })),
    ...pick('history').map((owner): Ask<MetricsReading> => {
      const today = localDay(at, owner.timezone);
      const range = { since: addDays(today, -historyDays), until: addDays(today, -1) };
      return {
        items: [
          {
            path: `${owner.accountId}/insights`,
            params: {
              level: 'account',
              time_range: JSON.stringify(range),
              time_increment: '1',
              limit: '100',
              fields: dayFields,
            },
          },
        ],
        read: ([body]) => ({ ...nothing, accountId: owner.accountId, history: observeHistory(owner, body) }),
        fail: fail(owner.accountId, 'history'),
      };
    }),
    ...pick('ads').map(({ accountId }): Ask<MetricsReading> => ({
      items: [
        {
          path: `${accountId}/ads`,
          params: { effective_status: '["ACTIVE"]', summary: 'total_count', limit: '0' },
        },
        { path: `${accountId}/ads`, params: { summary: 'total_count', limit: '0' } },
      ],
      read: ([active, total]) => ({ ...nothing, accountId, ads: observeAds(active, total) }),
      fail: fail(accountId, 'ads'),
    })),
    ...pick('limit').map((owner): Ask<MetricsReading> => ({
      // A refused field fails the whole read, so this one travels alone.
      items: [{ path: owner.accountId, params: { fields: 'id,adtrust_dsl' } }],
      read: ([body]) => ({ ...nothing, accountId: owner.accountId, limit: observeLimit(owner, body) }),
      fail: fail(owner.accountId, 'limit'),
    })),
  ];
}

async function readStory(
  client: MetaClient,
  accountId: AccountId,
  since: number,
  signal: AbortSignal,
): Promise<Result<StatusStory>> {
  const [log, life] = await client.batch(
    [
      {
        path: `${accountId}/activities`,
        params: {
          fields: 'event_type,event_time',
          since: String(Math.floor(since / 1000)),
          category: 'ACCOUNT',
        },
      },
      {
        path: `${accountId}/insights`,
        params: { level: 'account', date_preset: 'maximum', fields: 'account_id,clicks' },
      },
    ],
    signal,
  );
  if (log === undefined || !log.ok) return log ?? { ok: false, failure: shapeFailure('no answer') };
  const story = activities.safeParse(log.body);
  if (!story.success) return { ok: false, failure: shapeFailure('activity log: not a list') };
  const times = story.data.data
    .filter(({ event_type }) => event_type === 'ad_account_update_status')
    .map(({ event_time }) => Date.parse(event_time.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')))
    .filter((time) => Number.isFinite(time));
  const lifetime = life?.ok === true ? insights.safeParse(life.body) : null;
  const row = lifetime?.data?.data[0];
  return {
    ok: true,
    value: {
      occurredAt: times.length === 0 ? null : Math.max(...times),
      lifetimeClicks: row !== undefined && `act_${row.account_id}` === accountId ? (row.clicks ?? 0) : null,
    },
  };
}
