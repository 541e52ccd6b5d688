import type { MemberView } from '../../contract/admin.ts';
import type { Role } from '../../domain/permissions.ts';
import { Ago } from '../live/instants.tsx';
import type { Answer } from '../kit/use-act.ts';
import { ActForm } from './act-button.tsx';

/** The server actions of the page. */
export type MemberActions = Record<'add' | 'setRole' | 'disable', (form: FormData) => Promise<Answer>>;

const roleWords: Record<Role, string> = {
  viewer: 'sees the board, accounts and alerts',
  analyst: 'also acknowledges alerts and exports',
  admin: 'everything',
};
const roleOrder: readonly Role[] = ['viewer', 'analyst', 'admin'];

/** Who may sign in, as what. */
export function Members(props: {
  members: readonly MemberView[];
  /** The reader's own e-mail. */
  own: string;
  now: number;
  actions: MemberActions;
}) {
  const { members, own, actions } = props;
  return (
    <>
      <ActForm open="Add member" words="Add member" done="Added." given={{}} act={actions.add}>
        <label>
          Email
          <input className="field" name="email" type="email" required autoComplete="off" />
        </label>
        <RoleField role="viewer" />
        <label>
          Password, at least 12 characters
          <input className="field" name="password" type="password" required autoComplete="new-password" />
        </label>
      </ActForm>
      <section className="panel" aria-label="Members">
        <ul>
          {members.map((member) => (
            <li key={member.email} className="entry">
              <Who member={member} isSelf={member.email === own} />
              {!member.isDisabled && member.email !== own && (
                <div className="btns">
                  <ActForm
                    {...{ given: { email: member.email }, act: actions.setRole, open: 'Change role' }}
                    label={`Change role of ${member.email}`}
                    words="Change role"
                    done="Changed. He has to sign in again."
                  >
                    <RoleField role={member.role} />
                  </ActForm>
                  <ActForm
                    {...{ given: { email: member.email }, act: actions.disable, open: 'Shut out' }}
                    label={`Shut out ${member.email}`}
                    words="Shut out"
                    done="Shut out. All his sessions have ended."
                    isGrave
                  >
                    <p>All sessions end at once, and the member’s devices get no more alerts.</p>
                    <label>
                      Type “{member.email}” to confirm
                      <input className="field" name="confirmed" required autoComplete="off" />
                    </label>
                  </ActForm>
                </div>
              )}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Who({ member, isSelf }: { member: MemberView; isSelf: boolean }) {
  const { email, role, isDisabled, lastSeenAt } = member;
  return (
    <p>
      <b>{email}</b>
      {isSelf && ' (you)'}
      <span className="muted">
        {isDisabled ? 'shut out' : `${role}: ${roleWords[role]}`}
        {!isDisabled && (lastSeenAt === null ? ' · not signed in' : <SeenAt at={lastSeenAt} />)}
      </span>
    </p>
  );
}

function SeenAt({ at }: { at: number }) {
  return (
    <>
      {' · seen '}
      <Ago at={at} /> ago
    </>
  );
}

function RoleField({ role }: { role: Role }) {
  return (
    <label>
      Role
      <select className="field" name="role" defaultValue={role}>
        {roleOrder.map((one) => (
          <option key={one} value={one}>
            {one}: {roleWords[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
