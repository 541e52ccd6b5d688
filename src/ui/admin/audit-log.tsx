import type { AuditAsk, AuditView } from '../../contract/admin.ts';
import { LocalTime } from '../live/instants.tsx';
import { auditAddress } from './audit-ask.ts';

/** The beginnings of acts, and what they are about. */
const subjects = [
  ['account.', 'Accounts'],
  ['alert', 'Alerts'],
  ['channel.', 'Channels'],
  ['connection.', 'Connections'],
  ['member.', 'Members'],
  ['sign', 'Sign-ins'],
] as const;

/** Who did what, newest first. Nothing in it can be changed. */
export function AuditLog(props: {
  lines: readonly AuditView[];
  actors: readonly string[];
  older: number | null;
  ask: AuditAsk;
  now: number;
}) {
  const { lines, actors, older, ask } = props;
  return (
    <>
      <form className="btns admin__filter" action="/admin/audit">
        <label>
          Who
          <select className="field" name="actor" defaultValue={ask.actor ?? ''}>
            <option value="">everyone</option>
            {actors.map((actor) => (
              <option key={actor}>{actor}</option>
            ))}
          </select>
        </label>
        <label>
          What
          <select className="field" name="act" defaultValue={ask.action ?? ''}>
            <option value="">everything</option>
            {subjects.map(([act, words]) => (
              <option key={act} value={act}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <button className="btn">Show</button>
      </form>
      <section className="panel" aria-label="Audit log">
        {lines.length === 0 && <p className="panel__body">Nothing was done that this filter would show.</p>}
        <ul>
          {lines.map(({ id, at, actor, action, facts }) => (
            <li key={id} className="entry">
              <p>
                <b>{wordsOf(action)}</b> by {actor}
                <span className="muted">
                  {facts.map(({ name, value }) => `${wordsOf(name)}: ${value}`).join(' · ')}
                </span>
              </p>
              <LocalTime at={at} now={props.now} />
            </li>
          ))}
        </ul>
      </section>
      {older !== null && (
        <p className="btns">
          <a className="btn" href={auditAddress({ ...ask, before: older })}>
            Older
          </a>
        </p>
      )}
    </>
  );
}

/** `member.role_changed` as words. */
function wordsOf(name: string): string {
  return name
    .replace(/[._]/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}
