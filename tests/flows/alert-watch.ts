import type { AlertKind, Severity } from '../../src/domain/alert.ts';
import { shortId } from '../../src/domain/short-id.ts';
import { type AlertBench, type Heard, minuteMs } from './alert-bench.ts';

/** Holds what was heard in a timeline against the rules of alerting, one by one. */

/** What people did, and when. */
export interface Acts {
  quiet: { person: string; zone: string; from: string; to: string };
  /** Every change of status. */
  changes: { at: number; account: string; code: number }[];
  acknowledged: Map<number, number>;
  snoozed: { alertId: number; at: number; until: number }[];
  silences: { account: string; from: number; until: number }[];
  /** Every message that was ever seen waiting for the end of quiet hours. */
  held: Map<number, { alertId: number; purpose: string }>;
  endAt: number;
}

interface Alert {
  id: number;
  kind: AlertKind;
  severity: Severity;
  openedAt: number;
  resolvedAt: number | null;
  isAbandoned: boolean;
  account: string | null;
  body: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `HH:MM` as a clock on the wall shows it. */
export function wallClock(at: number, zone: string): string {
  let format = formats.get(zone);
  if (format === undefined) {
    const parts = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...parts });
    formats.set(zone, format);
  }
  return format.format(at);
}

const isWithin = (time: string, from: string, to: string): boolean =>
  from < to ? time >= from && time < to : time >= from || time < to;

export async function findViolations(bench: AlertBench, acts: Acts): Promise<string[]> {
  const rows = await bench.sql<Alert>`
    select al.id, al.kind, al.severity, al.opened_at as "openedAt", al.resolved_at as "resolvedAt", al.body,
      al.muted_by is not null or al.silence_id is not null as "isAbandoned",
      (select min(a.account_id) from alert_accounts x join accounts a on a.no = x.account_no where x.alert_id = al.id) as account
    from alerts al order by al.id`;
  const alerts = new Map(rows.map((row) => [row.id, row]));
  const messages = bench.heard.map((heard) => ({ ...heard, alert: alerts.get(heard.alertId)! }));
  return [
    ...quietFaults(messages, acts),
    ...(await heldFaults(bench, messages, acts)),
    ...rows.flatMap((alert) => {
      const own = messages.filter(({ alertId }) => alertId === alert.id);
      return [...stepFaults(alert, own, acts), ...endFaults(alert, own, acts)];
    }),
    ...rows.flatMap((alert) => silenceFaults(alert, messages, acts)),
    ...flappingFaults(rows, messages, acts),
  ];
}

type Message = Heard & { alert: Alert };
const say = ({ at, channel, alertId, purpose, alert }: Message): string =>
  `${new Date(at).toISOString()} ${channel} ${alert.account} ${alert.kind} ${purpose} (${alertId})`;

function quietFaults(messages: readonly Message[], { quiet }: Acts): string[] {
  return messages
    .filter(({ channel, alert }) => channel === quiet.person && alert.severity !== 'critical')
    .filter(({ at }) => isWithin(wallClock(at, quiet.zone), quiet.from, quiet.to))
    .map((message) => `in quiet hours: ${say(message)}`);
}

/** Every held message is told by itself or in one digest; only a repeat that nobody wants any more may vanish. */
async function heldFaults(bench: AlertBench, messages: readonly Message[], acts: Acts): Promise<string[]> {
  const rows = await bench.sql<{ id: number; state: string }>`select id, state from deliveries`;
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  const digests = messages.filter(({ purpose }) => purpose === 'digest');
  const faults: string[] = [];
  for (const [id, { alertId, purpose }] of acts.held) {
    const state = states.get(id);
    const isUnwanted =
      purpose === 'repeat' &&
      (acts.acknowledged.has(alertId) || acts.snoozed.some((snooze) => snooze.alertId === alertId));
    if (state === 'sent' || (state === undefined && isUnwanted)) continue;
    const of = [...acts.held.values()].filter((held) => held.alertId === alertId);
    const told = digests.map(({ text }) => text.split(`[${shortId(alertId)}]`).length - 1);
    const most = of.length;
    const named = told.reduce((sum, times) => sum + times, 0);
    if (state !== 'digested' || named < 1 || named > most)
      faults.push(`held message ${id} of ${alertId} ended as ${state}, named ${named} of ${most} times`);
  }
  const counted = digests.reduce((sum, { title }) => sum + Number(title.split(' ')[0]), 0);
  const digested = rows.filter(({ state }) => state === 'digested').length;
  if (counted !== digested) faults.push(`${digested} messages in digests that count ${counted}`);
  const left = rows.filter(({ state }) => state !== 'sent' && state !== 'digested');
  if (left.length > 0) faults.push(`${left.length} messages never ended`);
  return faults;
}

/** Repeats and escalation: when they are due, and not otherwise. */
function stepFaults(alert: Alert, own: readonly Message[], acts: Acts): string[] {
  const faults: string[] = [];
  const ackedAt = acts.acknowledged.get(alert.id) ?? Infinity;
  const snoozes = acts.snoozed.filter(({ alertId }) => alertId === alert.id);
  const silences = acts.silences.filter(({ account }) => account === alert.account);
  const steps = own.filter(({ purpose }) => purpose === 'repeat' || purpose === 'escalated');
  for (const step of steps) {
    if (step.at > ackedAt) faults.push(`after acknowledgement: ${say(step)}`);
    if (step.at > (alert.resolvedAt ?? Infinity) && alert.severity === 'critical')
      faults.push(`after the end: ${say(step)}`);
    // A word that quiet hours have held was due before.
    if (
      alert.severity === 'critical' &&
      snoozes.some(({ at, until }) => step.at > at && step.at < until && !isReplaced(snoozes, at, step.at))
    )
      faults.push(`while snoozed: ${say(step)}`);
    if (
      alert.severity === 'critical' &&
      silences.some(({ from, until }) => step.at > from && step.at < until)
    )
      faults.push(`while silenced: ${say(step)}`);
  }
  for (const channel of new Set(own.map((message) => message.channel))) {
    const repeats = own.filter((message) => message.channel === channel && message.purpose === 'repeat');
    repeats.slice(1).forEach((repeat, n) => {
      const isWoken = snoozes.some(({ until }) => until === repeat.at);
      if (repeat.at - repeats[n]!.at < 30 * minuteMs && !isWoken)
        faults.push(`${(repeat.at - repeats[n]!.at) / minuteMs} min after another: ${say(repeat)}`);
    });
  }
  const toldAt = own.find(({ purpose }) => purpose === 'opened')?.at;
  if (alert.severity !== 'critical' || toldAt === undefined) return faults;
  const hushed = [
    ...snoozes.map(({ at }) => at),
    ...silences.map(({ from }) => from).filter((at) => at >= toldAt),
  ];
  const until = Math.min(ackedAt, alert.resolvedAt ?? Infinity, acts.endAt, ...hushed);
  for (const [contact, wait] of [
    ['lead', 10],
    ['boss', 20],
  ] as const) {
    const dueAt = toldAt + wait * minuteMs;
    const firstAt = own.find(({ channel }) => channel === contact)?.at;
    if (firstAt !== undefined && firstAt < dueAt) faults.push(`${contact} too early about ${alert.id}`);
    if (until > dueAt && firstAt !== dueAt)
      faults.push(`${contact} not told of ${alert.id} after ${wait} min`);
  }
  const repeatAt = toldAt + 30 * minuteMs;
  if (until > repeatAt && !steps.some(({ at, purpose }) => at === repeatAt && purpose === 'repeat'))
    faults.push(`${alert.id} not said again after 30 min`);
  return faults;
}

const isReplaced = (snoozes: Acts['snoozed'], at: number, by: number): boolean =>
  snoozes.some((other) => other.at > at && other.at <= by);

/** The end is told to who heard of the trouble, and to nobody else. */
function endFaults(alert: Alert, own: readonly Message[], acts: Acts): string[] {
  const told = new Set(own.filter(({ purpose }) => purpose !== 'resolved').map(({ channel }) => channel));
  const ended = new Set(own.filter(({ purpose }) => purpose === 'resolved').map(({ channel }) => channel));
  // A digest has told the person.
  const isDigested = [...acts.held.values()].some(({ alertId }) => alertId === alert.id);
  const faults = [...ended]
    .filter((channel) => !told.has(channel) && !(channel === acts.quiet.person && isDigested))
    .map((channel) => `${channel} heard only the end of ${alert.id}`);
  const { resolvedAt, kind } = alert;
  if (resolvedAt === null || kind === 'payment_warning' || alert.severity === 'info') return faults;
  const isFlapping = changesBefore(acts, alert.account, resolvedAt) > 3;
  // Disabled again: the new alert says it, the old one ends in its favour.
  const gaveWay = acts.changes.some(
    ({ account, at, code }) => account === alert.account && at === resolvedAt && code === 2,
  );
  if (!isFlapping && !gaveWay && !(told.has(acts.quiet.person) && isDigested))
    for (const channel of told)
      if (!ended.has(channel) && !(channel === acts.quiet.person && isDigested))
        faults.push(`${channel} did not hear the end of ${alert.id} ${kind}`);
  return faults;
}

function changesBefore({ changes }: Acts, account: string | null, at: number): number {
  const own = changes.filter((change) => change.account === account && change.at <= at);
  // Once it flaps, it does until it stands: an hour that had too many changes counts as long as each is near the next.
  let flapping = 0;
  for (const [n, change] of own.entries()) {
    const ofHour = own.slice(0, n + 1).filter((other) => other.at > change.at - 60 * minuteMs).length;
    const isNear = n > 0 && change.at - own[n - 1]!.at < 30 * minuteMs;
    flapping = ofHour > 3 ? ofHour : isNear && flapping > 3 ? flapping : ofHour;
  }
  const last = own.at(-1)?.at ?? 0;
  return at - last < 30 * minuteMs ? flapping : 0;
}

/** Silenced and muted alerts say nothing meanwhile, and are told at the silence's end when they still hold. */
function silenceFaults(alert: Alert, messages: readonly Message[], acts: Acts): string[] {
  const own = messages.filter(({ alertId, purpose }) => alertId === alert.id && purpose === 'opened');
  const over = acts.silences.filter(
    ({ account, from, until }) =>
      account === alert.account && from <= alert.openedAt && until > alert.openedAt,
  );
  const faults: string[] = [];
  if (over.length > 0) {
    // A later silence takes over what an earlier one has held.
    let until = Math.max(...over.map((silence) => silence.until));
    for (let more = true; more;) {
      const next = acts.silences.find(
        ({ account, from, until: end }) => account === alert.account && from <= until && end > until,
      );
      more = next !== undefined;
      until = next?.until ?? until;
    }
    for (const message of own) if (message.at < until) faults.push(`silenced: ${say(message)}`);
    const holds = alert.resolvedAt === null || alert.resolvedAt > until;
    if (
      holds &&
      until < acts.endAt &&
      own.length === 0 &&
      !alert.isAbandoned &&
      changesBefore(acts, alert.account, until) <= 3 &&
      [...acts.held.values()].every(({ alertId }) => alertId !== alert.id)
    )
      faults.push(`${alert.id} ${alert.kind} not told after its silence`);
  }
  if (alert.kind !== 'not_delivering') return faults;
  for (const message of own) {
    const cause = messages.find(
      ({ alert: other, purpose, at }) =>
        other.kind === 'account_suspended' &&
        other.account === alert.account &&
        purpose === 'opened' &&
        other.id < alert.id &&
        at <= alert.openedAt &&
        (other.resolvedAt ?? Infinity) > message.at,
    );
    if (cause !== undefined) faults.push(`has a cause: ${say(message)}`);
  }
  return faults;
}

/** One message when an account flaps, none of its changes until it stands, and then how it stands. */
function flappingFaults(alerts: readonly Alert[], messages: readonly Message[], acts: Acts): string[] {
  const faults: string[] = [];
  const flapping = alerts.filter(({ kind }) => kind === 'account_flapping');
  for (const alert of flapping) {
    const { openedAt, account } = alert;
    const endedAt = alert.resolvedAt ?? Infinity;
    for (const channel of ['ops', 'person']) {
      const opened = messages.filter(
        (m) => m.alertId === alert.id && m.channel === channel && m.purpose === 'opened',
      );
      if (opened.length > 1) faults.push(`${channel} told ${opened.length} times that ${account} flaps`);
    }
    for (const message of messages)
      if (
        message.alert.account === account &&
        message.alertId !== alert.id &&
        message.alert.openedAt >= openedAt &&
        message.at < endedAt &&
        message.purpose === 'opened'
      )
        faults.push(`while it flaps: ${say(message)}`);
    const during = acts.changes.filter((c) => c.account === account && c.at <= endedAt);
    const last = during.at(-1)!;
    if (acts.endAt > last.at + 30 * minuteMs && endedAt - last.at !== 30 * minuteMs)
      faults.push(
        `${account} stood from ${new Date(last.at).toISOString()}, and that was told at ${new Date(endedAt).toISOString()}`,
      );
    const wasTold = messages.some(({ alertId, channel }) => alertId === alert.id && channel === 'ops');
    const word = { 1: 'active', 2: 'suspended', 3: 'warning', 8: 'warning' }[last.code] ?? '?';
    if (
      wasTold &&
      !messages.some(
        (m) =>
          m.alertId === alert.id &&
          m.channel === 'ops' &&
          m.purpose === 'resolved' &&
          m.text.includes(`It is ${word}.`),
      )
    )
      faults.push(`how ${account} stands after flapping was not told: ${word}`);
  }
  // The fourth change within an hour is one too many.
  for (const { at, account } of acts.changes) {
    const ofHour = acts.changes.filter(
      (c) => c.account === account && c.at <= at && c.at > at - 60 * minuteMs,
    );
    if (
      ofHour.length > 3 &&
      !flapping.some((a) => a.account === account && a.openedAt <= at && (a.resolvedAt ?? Infinity) > at)
    )
      faults.push(`${account} flaps at ${new Date(at).toISOString()} and nobody is told`);
  }
  return faults;
}
