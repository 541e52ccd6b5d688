import type { AccountId } from '../../domain/account.ts';
import type { Failure, Result } from '../../domain/observation.ts';
import type { AccountSource, StatusPage, StatusStory, Turn } from '../../ports/account-source.ts';
import { activityItem, metricsAsks } from './asks.ts';
import { runAsks, type Ask, type BatchPlan, type Gatekeeper } from './batch.ts';
import { metaClient, type Answer, type MetaClient, type MetaSettings } from './client.ts';
import { shapeFailure, type MetaFailure } from './failures.ts';
import { Governor } from './governor.ts';
import { observeAccount, observeActivities, observeRow } from './observe.ts';
import { insights, page } from './schema.ts';
import { UsageMeters } from './usage.ts';

const statusFields =
  'id,account_id,name,account_status,disable_reason,currency,timezone_name,amount_spent,spend_cap,balance,business{id,name}';
const pageSize = 100;
const mostPages = 1000;
const everyStatusMs = 60_000;

/** One connection to Meta (or to any server that speaks Graph) as the house's `AccountSource`. */
export function metaAccountSource(
  settings: MetaSettings,
  plan: BatchPlan,
  elapsed: () => number,
): AccountSource {
  const meters = new UsageMeters();
  const governor = new Governor(plan.random);
  const client = metaClient(settings, meters, governor, elapsed);
  const own: Own = { client, governor, meters, plan };
  const gate: Gatekeeper = {
    holds: ({ about }, now) => governor.holds(about ?? null, now),
    async isTokenAlive(turn) {
      const check = await askWho(own, turn);
      return check.ok ? true : check.failure.kind === 'token' ? false : null;
    },
    retried: (turn) => meters.of(turn).retry(),
  };

  return {
    listStatuses: (turn) => listPages(own, 'me/adaccounts', turn),
    listBusiness: (businessId, edge, turn) => listPages(own, `${businessId}/${edge}`, turn),

    async *readStatuses(accountIds, turn) {
      const run = runAsks(
        client,
        accountIds.map((accountId) => statusAsk(accountId, turn)),
        plan,
        gate,
        turn,
      );
      for (;;) {
        const step = await run.next();
        if (step.done) return step.value;
        yield {
          readings: step.value.flatMap(({ readings }) => readings),
          failures: step.value.flatMap(({ failures }) => failures),
          askedAt: Math.min(...step.value.map(({ askedAt }) => askedAt)),
        };
      }
    },

    readMetrics: (requests, turn) => runAsks(client, metricsAsks(requests), plan, gate, turn),
    readStory: (accountId, since, turn) => readStory(client, accountId, since, turn),

    async checkToken(turn) {
      const answer = await askWho(own, turn);
      return answer.ok ? { ok: true, value: null } : answer;
    },

    takeUsage: (turn) => meters.of(turn).take(),
    sharePauses(known) {
      governor.load(known);
      return governor.takePauses();
    },
  };
}

interface Own {
  client: MetaClient;
  governor: Governor;
  meters: UsageMeters;
  plan: BatchPlan;
}

const askWho = (own: Own, turn: Turn) =>
  tryAgain(own, turn, () => own.client.get('me', { fields: 'id' }, turn));

/** Follows a list edge by cursor to its end; the `next` address itself holds the token and is never called. */
async function* listPages(own: Own, edge: string, turn: Turn): AsyncGenerator<StatusPage, Failure | null> {
  let after: string | null = null;
  let size = pageSize;
  const seen = new Set<string>();
  for (let n = 0; n < mostPages; n++) {
    const cursor: Record<string, string> = after === null ? {} : { after };
    let askedAt = turn.now();
    const answer = await tryAgain(own, turn, async (last) => {
      askedAt = turn.now();
      if (last?.remedy === 'shrink') size = Math.max(1, Math.floor(size / 2));
      return own.client.get(edge, { fields: statusFields, limit: String(size), ...cursor }, turn);
    });
    if (!answer.ok) return answer.failure;
    // What was too much for one page need not be too much for the next.
    size = Math.min(pageSize, size * 2);
    const parsed = page.safeParse(answer.body);
    if (!parsed.success) return shapeFailure(`list of accounts: not a page`);
    const into: StatusPage = { readings: [], failures: [], askedAt };
    for (const row of parsed.data.data) observeRow(row, into);
    yield into;
    const next = parsed.data.paging?.cursors?.after;
    if (parsed.data.paging?.next === undefined || next === undefined) return null;
    if (seen.has(next)) return shapeFailure('list of accounts: the same cursor twice');
    seen.add(next);
    after = next;
  }
  return shapeFailure(`list of accounts: more than ${mostPages} pages`);
}

/** Up to three tries for what may pass by itself. `ask` hears of the failure before. */
async function tryAgain(
  { governor, meters, plan }: Own,
  turn: Turn,
  ask: (last: MetaFailure | null) => Promise<Answer>,
): Promise<Answer> {
  const held = governor.holds(null, turn.now());
  if (held !== null) return { ok: false, failure: held };
  let answer = await ask(null);
  for (let attempt = 1; attempt < 3 && !answer.ok && !turn.signal.aborted; attempt++) {
    const { remedy, code } = answer.failure;
    // An error that nobody knows is asked once more, then reported; so is a proof that is called wrong.
    const isOnce = remedy === 'unknown' || code === 104;
    if (isOnce ? attempt > 1 : remedy !== 'retry' && remedy !== 'shrink') break;
    await plan.sleep(plan.random() * 1000 * 2 ** (attempt - 1), turn.signal);
    meters.of(turn).retry();
    answer = await ask(answer.failure);
  }
  return answer;
}

function statusAsk(accountId: AccountId, turn: Turn): Ask<StatusPage> {
  return {
    items: [
      {
        path: accountId,
        params: { fields: statusFields },
        about: { accountId, bucket: 'ads_management', everyMs: everyStatusMs },
      },
    ],
    read: ([body], { askedAt }) => {
      const reading = observeAccount(accountId, body);
      return reading.ok
        ? { readings: [reading.value], failures: [], askedAt }
        : { readings: [], failures: [{ accountId, failure: reading.failure }], askedAt };
    },
    // Meta says "unavailable" (2) of accounts that do not exist for this token as well: after all tries it counts as no access.
    fail: (failure, isWhole) => ({
      readings: [],
      failures: [
        { accountId, failure: failure.code === 2 && !isWhole ? { ...failure, kind: 'permission' } : failure },
      ],
      askedAt: turn.now(),
    }),
  };
}

async function readStory(
  client: MetaClient,
  accountId: AccountId,
  since: number,
  turn: Turn,
): Promise<Result<StatusStory>> {
  const about = { accountId, bucket: 'ads_insights', everyMs: 0 } as const;
  const clicks = { level: 'account', date_preset: 'maximum', fields: 'account_id,clicks' };
  const [log, life] = await client.batch(
    [activityItem(accountId, since), { path: `${accountId}/insights`, params: clicks, about }],
    turn,
  );
  if (log === undefined || !log.ok) return log ?? { ok: false, failure: shapeFailure('no answer') };
  const story = observeActivities(log.body);
  if (!story.ok) return story;
  const row = life?.ok === true ? insights.safeParse(life.body).data?.data[0] : undefined;
  const lifetimeClicks =
    row !== undefined && `act_${row.account_id}` === accountId ? (row.clicks ?? 0) : null;
  return { ok: true, value: { activities: story.value, lifetimeClicks } };
}
