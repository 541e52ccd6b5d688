import type { AlertKind, Severity } from '../../src/domain/alert.ts';

/**
 * What alerting promises, in small: told what happens, it says who has heard what by when. It is written from the rules of
 * docs/reliability-security.md, in memory and in plain UTC, and shares nothing with the product but names.
 */

const minute = 60_000;
export const channels = [
  { name: 'ops', hears: ['critical', 'warning', 'info'] },
  { name: 'person', hears: ['critical', 'warning'] },
] as const;
/** Hears of what nobody has acknowledged for ten minutes. */
export const nextContact = 'lead';
/** The person's night in UTC; his zone is two hours ahead. */
const night = { from: 20, to: 4 };

export interface ModelAlert {
  account: string;
  kind: AlertKind;
  severity: Severity;
  endedAt: number | null;
  /** Why nobody is told; null: people are, or it is not decided yet. */
  why: 'silenced' | 'muted' | 'withheld' | null;
  cause: ModelAlert | null;
  toldAt: number | null;
  told: Set<string>;
  isAcknowledged: boolean;
  snoozedUntil: number | null;
  /** When it was told, or said again to all. */
  saidAt: number;
}
interface Message {
  channel: string;
  alert: ModelAlert;
  purpose: string;
}
interface Silence {
  account: string | null;
  until: number;
}
type Rule = { isOn: boolean; severity: Severity };

export class AlertModel {
  readonly alerts: ModelAlert[] = [];
  readonly silences: Silence[] = [];
  /** Every message that has arrived, as the bench names it. */
  readonly heard: string[] = [];
  isQuiet = false;
  readonly rules: Partial<Record<AlertKind, Rule>> = {
    account_suspended: { isOn: true, severity: 'critical' },
    not_delivering: { isOn: true, severity: 'critical' },
    payment_warning: { isOn: true, severity: 'warning' },
    account_restored: { isOn: true, severity: 'info' },
    account_flapping: { isOn: true, severity: 'critical' },
  };
  #waiting: Message[] = [];
  #held: (Message & { until: number })[] = [];
  readonly #status = new Map<string, number>();
  readonly #changes = new Map<string, number[]>();

  constructor(public now: number) {}

  learn(account: string, to: number): void {
    const from = this.#status.get(account) ?? 1;
    if (from === to) return;
    this.#status.set(account, to);
    const changes = [...(this.#changes.get(account) ?? []), this.now];
    this.#changes.set(account, changes);
    const ofHour = changes.filter((at) => at > this.now - 60 * minute).length;
    const flapping = this.#open(account, 'account_flapping')[0];
    const isFlapping = flapping !== undefined || (ofHour > 3 && this.#rule('account_flapping').isOn);
    const hasHeard = new Set<string>();
    if ((from === 2 || from === 3) && (to === 1 || to === 8))
      for (const alert of [
        ...this.#open(account, 'account_suspended'),
        ...this.#open(account, 'not_delivering'),
      ]) {
        for (const channel of alert.told) hasHeard.add(channel);
        this.#end(alert, !isFlapping);
      }
    // Disabled again: what was told of it being down before gives way to the new word.
    if (to === 2)
      for (const alert of [
        ...this.#open(account, 'account_suspended'),
        ...this.#open(account, 'not_delivering'),
      ])
        this.#end(alert, false);
    if (from === 8)
      for (const alert of this.#open(account, 'payment_warning')) this.#end(alert, to === 1 && !isFlapping);
    const kind = kindOf(from, to);
    if (kind !== null && this.#rule(kind).isOn) {
      const alert = this.#add(account, kind);
      if (isFlapping) alert.why = 'withheld';
      else this.#tell(alert, hasHeard);
    }
    if (isFlapping && flapping === undefined) this.#tell(this.#add(account, 'account_flapping'));
  }

  /** A process looks what is due; how long ago it was, does not matter. */
  send(): void {
    for (const alert of this.alerts) this.#goOn(alert);
    for (const alert of this.alerts) {
      const { why, cause, endedAt } = alert;
      const isFree =
        (why === 'silenced' && !this.#isSilenced(alert)) ||
        (why === 'muted' && (cause?.endedAt ?? Infinity) <= this.now - 10 * minute);
      if (endedAt === null && isFree) this.#tell(alert);
    }
    this.#endQuiet();
    for (const account of this.#changes.keys()) {
      const last = this.#changes.get(account)?.at(-1) ?? 0;
      const [flapping] = this.#open(account, 'account_flapping');
      if (flapping === undefined || last > this.now - 30 * minute) continue;
      this.#end(flapping, true);
      for (const alert of this.alerts)
        if (alert.account === account && alert.why === 'withheld' && alert.endedAt === null)
          this.#tell(alert);
    }
    for (const { channel, alert, purpose } of this.#waiting)
      this.heard.push(`${this.now} ${channel} ${alert.account} ${alert.kind} ${purpose}`);
    this.#waiting = [];
  }

  /** The alerts that somebody can act upon, because he has heard of them. */
  actable(): ModelAlert[] {
    return this.alerts.filter((a) => a.endedAt === null && a.told.size > 0 && !a.isAcknowledged);
  }

  acknowledge(alert: ModelAlert): void {
    alert.isAcknowledged = true;
    this.#dropRepeats(alert);
    this.#say(alert, alert.told, 'acknowledged');
  }

  snooze(alert: ModelAlert, ms: number): void {
    alert.snoozedUntil = this.now + ms;
    this.#dropRepeats(alert);
  }

  /** Said again, told to the next contact, woken from its snooze. */
  #goOn(alert: ModelAlert): void {
    if (alert.endedAt !== null || alert.isAcknowledged || alert.why !== null || alert.toldAt === null) return;
    if (alert.snoozedUntil !== null && alert.snoozedUntil > this.now) return;
    if (this.#isSilenced(alert)) return;
    let isDue = alert.snoozedUntil !== null;
    alert.snoozedUntil = null;
    if (alert.severity === 'critical') {
      const past = this.now - alert.toldAt;
      if (past >= 10 * minute && !alert.told.has(nextContact)) this.#say(alert, [nextContact], 'escalated');
      isDue ||= this.now - alert.saidAt >= 30 * minute;
    }
    if (!isDue) return;
    alert.saidAt = this.now;
    this.#say(alert, alert.told, 'repeat');
  }

  #tell(alert: ModelAlert, hasHeard: ReadonlySet<string> = new Set()): void {
    alert.cause = null;
    if (alert.kind === 'not_delivering')
      alert.cause =
        this.#open(alert.account, 'account_suspended').find(
          ({ why, toldAt }) => why === null && toldAt !== null,
        ) ?? null;
    alert.why = this.#isSilenced(alert) ? 'silenced' : alert.cause !== null ? 'muted' : null;
    if (alert.why !== null) return;
    alert.toldAt = this.now;
    alert.saidAt = this.now;
    const wanted = channels.filter(({ hears }) => (hears as readonly Severity[]).includes(alert.severity));
    this.#say(
      alert,
      wanted.map(({ name }) => name).filter((name) => !hasHeard.has(name)),
      'opened',
    );
  }

  #say(alert: ModelAlert, to: Iterable<string>, purpose: string): void {
    for (const channel of [...to]) {
      alert.told.add(channel);
      const until = channel === 'person' && alert.severity !== 'critical' ? this.#quietUntil() : null;
      if (until === null) this.#waiting.push({ channel, alert, purpose });
      else this.#held.push({ channel, alert, purpose, until });
    }
  }

  #end(alert: ModelAlert, isTold: boolean): void {
    alert.endedAt = this.now;
    if (isTold) this.#say(alert, alert.told, 'resolved');
  }

  #dropRepeats(alert: ModelAlert): void {
    this.#held = this.#held.filter((held) => held.alert !== alert || held.purpose !== 'repeat');
  }

  #endQuiet(): void {
    const due = this.#held.filter(({ until }) => until <= this.now);
    this.#held = this.#held.filter(({ until }) => until > this.now);
    if (due.length === 1) this.#waiting.push(...due);
    else if (due.length > 1) this.heard.push(`${this.now} person digest of ${due.length}`);
  }

  #quietUntil(): number | null {
    const hour = new Date(this.now).getUTCHours();
    if (!this.isQuiet || (hour >= night.to && hour < night.from)) return null;
    const end = new Date(this.now + (hour >= night.from ? 24 * 60 * minute : 0));
    return end.setUTCHours(night.to, 0, 0, 0);
  }

  #isSilenced({ account, kind }: ModelAlert): boolean {
    return this.silences.some(
      (silence) =>
        silence.until > this.now &&
        (silence.account === null ? kind === 'account_suspended' : silence.account === account),
    );
  }

  #open(account: string, kind: AlertKind): ModelAlert[] {
    return this.alerts.filter((a) => a.account === account && a.kind === kind && a.endedAt === null);
  }

  #add(account: string, kind: AlertKind): ModelAlert {
    const { severity } = this.#rule(kind);
    const alert: ModelAlert = {
      ...{ account, kind, severity, why: null, cause: null, toldAt: null, told: new Set() },
      ...{ isAcknowledged: false, snoozedUntil: null, saidAt: 0 },
      // News is over as soon as it is told.
      endedAt: severity === 'info' ? this.now : null,
    };
    this.alerts.push(alert);
    return alert;
  }

  #rule(kind: AlertKind): Rule {
    return this.rules[kind] ?? { isOn: true, severity: 'critical' };
  }
}

/** What a change of status is worth: 1 runs, 2 is disabled, 3 does not deliver, 8 waits for money. */
function kindOf(from: number, to: number): AlertKind | null {
  if (to === 2) return 'account_suspended';
  if (to === 3) return 'not_delivering';
  if (from === 2 || from === 3) return 'account_restored';
  return to === 8 ? 'payment_warning' : null;
}
