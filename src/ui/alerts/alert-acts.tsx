'use client';

import type { ComponentProps, ReactNode } from 'react';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { Snooze } from '../../contract/alert-acts.ts';
import { Icon } from '../kit/icon.tsx';
import { useHands } from '../kit/toasts.tsx';

/** What became of an act; `problem` is a sentence for the reader. */
export type ActAnswer = { isDone: true } | { isDone: false; problem: string };

/** The server actions of the screen. */
export interface AlertActions {
  acknowledge(alertId: number, reason: string): Promise<ActAnswer>;
  snooze(alertId: number, until: Snooze): Promise<ActAnswer>;
  silence(form: FormData): Promise<ActAnswer>;
  endSilence(silenceId: number): Promise<ActAnswer>;
}

interface ActsProps extends Pick<AlertActions, 'acknowledge' | 'snooze' | 'silence'> {
  alertId: number;
  kind: string;
  kindWords: string;
  /** The one account that it is about, and its vendor; null where there are many or none. */
  account: { accountId: string; name: string; vendor: string } | null;
  /** Whether the reader may silence more than one account, and for longer than a day. */
  isAdmin: boolean;
}

const snoozeWords: readonly [Snooze, string][] = [
  ['15min', '15 min'],
  ['1h', '1 h'],
  ['4h', '4 h'],
  ['tomorrow', 'till tomorrow 08:00'],
];

type Open = 'acknowledge' | 'snooze' | 'silence';

/** Acknowledge with a reason, snooze, silence: each opens its own small form below, one at a time. */
export function AlertActs(props: ActsProps) {
  const { alertId, account, isAdmin } = props;
  const { say } = useHands();
  const [open, setOpen] = useState<Open | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, start] = useTransition();
  const buttons = useRef<HTMLDivElement>(null);
  const canSilence = account !== null || isAdmin;

  const show = (what: Open | null) => {
    setProblem(null);
    setOpen(what === open ? null : what);
  };
  const close = () => {
    const button = buttons.current?.querySelector<HTMLButtonElement>('[aria-expanded="true"]');
    show(null);
    button?.focus();
  };
  const act = (work: () => Promise<ActAnswer>, done: string) =>
    start(async () => {
      setProblem(null);
      try {
        const answer = await work();
        if (!answer.isDone) return setProblem(answer.problem);
        setOpen(null);
        say(done, 4000);
      } catch {
        setProblem('ArbHub did not answer. Nothing was changed.');
      }
    });

  return (
    <div
      className="acts"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open !== null) close();
      }}
    >
      <div className="btns" ref={buttons}>
        <Opener what="acknowledge" open={open} onShow={show} isPrimary>
          <Icon name="check" />
          Acknowledge
        </Opener>
        <Opener what="snooze" open={open} onShow={show}>
          Snooze
        </Opener>
        {canSilence && (
          <Opener what="silence" open={open} onShow={show}>
            Silence
          </Opener>
        )}
      </div>
      {open === 'acknowledge' && (
        <form
          className="act-form"
          action={(form) =>
            act(
              () => props.acknowledge(alertId, String(form.get('reason'))),
              'Acknowledged. It is not told again.',
            )
          }
        >
          <label>
            What are you doing about it?
            <FirstField name="reason" minLength={3} maxLength={500} placeholder="Appeal filed" required />
          </label>
          <FormButtons isPending={isPending} onCancel={close}>
            Acknowledge
          </FormButtons>
        </form>
      )}
      {open === 'snooze' && (
        <div className="act-form" role="group" aria-label="Snooze for how long">
          <div className="btns">
            {snoozeWords.map(([until, words], place) => (
              <button
                key={until}
                type="button"
                className="btn"
                disabled={isPending}
                autoFocus={place === 0}
                onClick={() =>
                  act(
                    () => props.snooze(alertId, until),
                    `Snoozed ${until === 'tomorrow' ? '' : 'for '}${words}.`,
                  )
                }
              >
                {words}
              </button>
            ))}
          </div>
        </div>
      )}
      {open === 'silence' && (
        <form className="act-form" action={(form) => act(() => props.silence(form), 'Silenced.')}>
          <SilenceFields {...props} />
          <FormButtons isPending={isPending} onCancel={close}>
            Silence
          </FormButtons>
        </form>
      )}
      {problem !== null && (
        <p className="form-error" role="alert">
          <Icon name="warning" />
          <span>{problem}</span>
        </p>
      )}
    </div>
  );
}

function Opener(props: {
  what: Open;
  open: Open | null;
  onShow: (what: Open) => void;
  isPrimary?: boolean;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={props.isPrimary ? 'btn btn--primary' : 'btn'}
      aria-expanded={props.open === props.what}
      onClick={() => props.onShow(props.what)}
    >
      {props.children}
    </button>
  );
}

/** The field one types into first. */
function FirstField(props: ComponentProps<'input'>) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return <input ref={field} className="field" type="text" autoComplete="off" {...props} />;
}

function FormButtons(props: { isPending: boolean; onCancel: () => void; children: ReactNode }) {
  return (
    <div className="btns">
      <button className="btn btn--primary" disabled={props.isPending}>
        {props.children}
      </button>
      <button type="button" className="btn" onClick={props.onCancel}>
        Cancel
      </button>
    </div>
  );
}

const hourWords: readonly [number, string][] = [
  [1, '1 hour'],
  [4, '4 hours'],
  [24, '1 day'],
  [24 * 7, '1 week'],
  [24 * 30, '30 days'],
];

/** A scope as the form sends it: the words of a query. */
function scopeOf(scope: Record<string, string>): string {
  return new URLSearchParams(scope).toString();
}

function SilenceFields({ account, kind, kindWords, isAdmin }: ActsProps) {
  const scopes = [
    ...(account === null
      ? []
      : [
          { value: scopeOf({ account: account.accountId }), words: `All alerts of ${account.name}` },
          {
            value: scopeOf({ account: account.accountId, kinds: kind }),
            words: `“${kindWords}” of ${account.name}`,
          },
        ]),
    ...(account === null || !isAdmin || account.vendor === 'Unassigned'
      ? []
      : [
          {
            value: scopeOf({ vendor: account.vendor, kinds: kind }),
            words: `“${kindWords}” of all of ${account.vendor}`,
          },
        ]),
    ...(isAdmin ? [{ value: scopeOf({ kinds: kind }), words: `“${kindWords}” of every account` }] : []),
  ];
  return (
    <>
      <label>
        Why?
        <FirstField
          name="reason"
          minLength={3}
          maxLength={500}
          placeholder="Card is being changed"
          required
        />
      </label>
      <div className="act-form__pair">
        <label>
          What
          <select className="field" name="scope">
            {scopes.map(({ value, words }) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label>
          For
          <select className="field" name="hours" defaultValue={4}>
            {hourWords
              .filter(([hours]) => isAdmin || hours <= 24)
              .map(([hours, words]) => (
                <option key={hours} value={hours}>
                  {words}
                </option>
              ))}
          </select>
        </label>
      </div>
      <p className="muted">Silenced alerts are recorded all the same; they are only not told.</p>
    </>
  );
}
