import type { Metadata } from 'next';
import { requireActor } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import { readOwnSecondStep } from '../../../services/members/recovery-codes.ts';
import { EnrolScreen } from '../../../ui/me/enrol-screen.tsx';
import { Styles } from '../../styles.tsx';
import { signOut } from '../dashboard/actions.ts';
import { beginSecondStep, confirmSecondStep, endSecondStep, renewCodes } from '../me/second-step-actions.ts';

export const metadata: Metadata = { title: 'Set up your second step' };

/** The one page that an admin sees who owes a second step. */
export default async function Page() {
  const actor = await requireActor('self:change');
  const view = await readOwnSecondStep(await house(), actor);
  return (
    <>
      <Styles of="me" />
      <EnrolScreen
        view={view}
        email={actor.name}
        signOut={signOut}
        actions={{ beginSecondStep, confirmSecondStep, endSecondStep, renewCodes }}
      />
    </>
  );
}
