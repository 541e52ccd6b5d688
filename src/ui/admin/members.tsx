import type { InvitationView, MemberView } from '../../contract/admin.ts';
import { type Role, roles, roleWords } from '../../domain/permissions.ts';
import { OnceForm, type OnceAnswer } from '../kit/once-form.tsx';
import type { Answer } from '../kit/use-act.ts';
import { Ago, Until } from '../live/instants.tsx';
import { ActButton, ActForm } from './act-button.tsx';

/** The server actions of the page. */
type MemberActions = Record<
  'add' | 'withdraw' | 'setRole' | 'disable' | 'enable' | 'resetTotp' | 'setPolicy',
  (form: FormData) => Promise<Answer>
> &
  Record<'invite' | 'makeLink', (form: FormData) => Promise<OnceAnswer>>;

interface MembersProps {
  members: readonly MemberView[];
  invitations: readonly InvitationView[];
  /** Whether admins may do nothing without a second step. */
  isNeededOfAdmins: boolean;
  /** The reader's own e-mail. */
  own: string;
  now: number;
  actions: MemberActions;
}

/** Who may sign in, as what, and who was asked in. */
export function Members(props: MembersProps) {
  const { members, invitations, own, now, actions } = props;
  return (
    <>
      <div className="conn__acts">
        <details className="admin__more">
          <summary className="btn btn--primary">Invite</summary>
          <div className="admin__once">
            <OnceForm act={actions.invite} words="Send invitation" isPrimary>
              <label>
                Email
                <input className="field" name="email" type="email" required autoComplete="off" />
              </label>
              <RoleField role="viewer" />
            </OnceForm>
          </div>
        </details>
        <ActForm open="Add member" words="Add member" done="Added." given={{}} act={actions.add}>
          <p>With a password that you choose and tell. An invitation lets the member choose it himself.</p>
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
      </div>
      {invitations.length > 0 && (
        <section className="panel" aria-label="Invitations">
          <ul>
            {invitations.map((invitation) => (
              <Invitation key={invitation.email} invitation={invitation} now={now} actions={actions} />
            ))}
          </ul>
        </section>
      )}
      <section className="panel" aria-label="Members">
        <ul>
          {members.map((member) => (
            <li key={member.email} className="entry">
              <Who member={member} isSelf={member.email === own} />
              {member.email !== own && <Acts member={member} actions={actions} />}
            </li>
          ))}
        </ul>
      </section>
      <Policy isNeeded={props.isNeededOfAdmins} setPolicy={actions.setPolicy} />
    </>
  );
}

function Invitation(props: { invitation: InvitationView; now: number; actions: MemberActions }) {
  const { invitation, now, actions } = props;
  const { email, role, invitedBy, expiresAt } = invitation;
  return (
    <li className="entry">
      <p>
        <b>{email}</b>
        <span className="muted">
          invited as {role} by {invitedBy} ·{' '}
          {expiresAt <= now ? (
            'has run out'
          ) : (
            <>
              ends <Until at={expiresAt} />
            </>
          )}
        </span>
      </p>
      <div className="btns">
        <OnceForm
          act={actions.invite}
          given={{ email, role }}
          words="Invite again"
          label={`Invite again: ${email}`}
        />
        <ActButton
          given={{ email }}
          act={actions.withdraw}
          words="Withdraw"
          label={`Withdraw the invitation of ${email}`}
          done="Withdrawn. The link is void."
        />
      </div>
    </li>
  );
}

function Who({ member, isSelf }: { member: MemberView; isSelf: boolean }) {
  const { email, role, isDisabled, lastSeenAt, hasSecondStep } = member;
  return (
    <p>
      <b>{email}</b>
      {isSelf && ' (you)'}
      <span className="muted">
        {isDisabled ? 'shut out' : `${role}: ${roleWords[role]}`}
        {!isDisabled && (lastSeenAt === null ? ' · not signed in' : <SeenAt at={lastSeenAt} />)}
        {!isDisabled && hasSecondStep && ' · second step on'}
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

function Acts({ member, actions }: { member: MemberView; actions: MemberActions }) {
  const { email } = member;
  if (member.isDisabled)
    return (
      <ActButton
        given={{ email }}
        act={actions.enable}
        words="Let in again"
        label={`Let in again: ${email}`}
        done="Let in again."
      />
    );
  return (
    <div className="btns">
      <ActForm
        {...{ given: { email }, act: actions.setRole, open: 'Change role' }}
        label={`Change role of ${email}`}
        words="Change role"
        done="Changed. He has to sign in again."
      >
        <RoleField role={member.role} />
      </ActForm>
      <OnceForm
        act={actions.makeLink}
        given={{ email }}
        words="Link to a new password"
        label={`Link to a new password for ${email}`}
      />
      {member.hasSecondStep && (
        <ActForm
          {...{ given: { email }, act: actions.resetTotp, open: 'Reset second step' }}
          label={`Reset second step of ${email}`}
          words="Reset second step"
          done="Reset. The password alone lets him in."
          isGrave
        >
          <p>
            For a member who has lost both phone and recovery codes. Make sure that it is he who asks: from
            then on the password alone lets him in, and all his sessions end.
          </p>
        </ActForm>
      )}
      <ActForm
        {...{ given: { email }, act: actions.disable, open: 'Shut out' }}
        label={`Shut out ${email}`}
        words="Shut out"
        done="Shut out. All his sessions have ended."
        isGrave
      >
        <p>All sessions end at once, and the member’s devices get no more alerts.</p>
        <label>
          Type “{email}” to confirm
          <input className="field" name="confirmed" required autoComplete="off" />
        </label>
      </ActForm>
    </div>
  );
}

function Policy(props: { isNeeded: boolean; setPolicy: MemberActions['setPolicy'] }) {
  const { isNeeded, setPolicy } = props;
  return (
    <section className="panel" aria-label="Second step of admins">
      <div className="entry">
        <p>
          <b>{isNeeded ? 'Admins need a second step' : 'Admins may sign in by password alone'}</b>
          <span className="muted">
            {isNeeded
              ? 'An admin without one is led to set it up, and may do nothing else before.'
              : 'When it is required, an admin without one may do nothing before he has set it up.'}
          </span>
        </p>
        <ActButton
          given={{ admins: isNeeded ? 'free' : 'needed' }}
          act={setPolicy}
          words={isNeeded ? 'Require it no longer' : 'Require a second step'}
          done="Changed, from everybody’s next request on."
        />
      </div>
    </section>
  );
}

function RoleField({ role }: { role: Role }) {
  return (
    <label>
      Role
      <select className="field" name="role" defaultValue={role}>
        {roles.map((one) => (
          <option key={one} value={one}>
            {one}: {roleWords[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
