import type { AlertView } from '../../contract/alert-view.ts';
import { Ago, LocalTime, Until } from '../live/instants.tsx';
import { age } from '../kit/times.ts';
import { isAboutDown } from './alert-look.ts';
import { isUnheard } from './delivery-words.ts';

/** How long it has held: `Still down for 3 h`, or for how long it did. */
export function Lasting({ alert }: { alert: AlertView }) {
  const { openedAt, resolvedAt } = alert;
  const isDown = isAboutDown(alert);
  if (resolvedAt !== null) {
    const words = age(resolvedAt - openedAt);
    return resolvedAt === openedAt ? null : `${isDown ? 'Down' : 'Held'} for ${words}`;
  }
  return (
    <>
      {isDown ? 'Still down for ' : 'Open for '}
      <Ago at={openedAt} />
    </>
  );
}

/** What people and rules have made of an alert: who has it, when it speaks again, why nobody was told. */
export function AlertNotes({ alert, now }: { alert: AlertView; now: number }) {
  const { acknowledgedAt, acknowledgedBy, acknowledgedReason, snoozedUntil, silence, mutedBy } = alert;
  const isStanding = alert.state !== 'resolved';
  return (
    <>
      {acknowledgedAt !== null && (
        <span>
          Acknowledged <LocalTime at={acknowledgedAt} now={now} /> by {acknowledgedBy}: “{acknowledgedReason}”
        </span>
      )}
      {isStanding && snoozedUntil !== null && snoozedUntil > now && (
        <span>
          Snoozed till <LocalTime at={snoozedUntil} now={now} />
        </span>
      )}
      {silence !== null && (
        <span>
          Not told: silenced by {silence.author}, “{silence.reason}”
        </span>
      )}
      {mutedBy !== null && (
        <span>
          Not told: follows from <a href={`/alerts?state=all&alert=${mutedBy.id}`}>{mutedBy.title}</a>
        </span>
      )}
      {alert.isFlapping && <span>Goes back and forth: told once, then quiet until it is stable</span>}
      {isUnheard(alert) && <b className="unheard">Nobody was reached</b>}
      {isStanding &&
        alert.deliveries.length === 0 &&
        silence === null &&
        mutedBy === null &&
        !alert.isFlapping && <span>No channel wanted it</span>}
    </>
  );
}

/** When an alert that nobody has taken speaks again. */
export function NextStep({ alert }: { alert: Pick<AlertView, 'nextStepAt' | 'state'> }) {
  if (alert.state !== 'open' || alert.nextStepAt === null) return null;
  return (
    <>
      told again <Until at={alert.nextStepAt} />
    </>
  );
}
