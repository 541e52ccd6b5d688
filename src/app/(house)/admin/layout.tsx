import type { ReactNode } from 'react';
import { may } from '../../../domain/permissions.ts';
import { currentActor } from '../../../server/guard.ts';
import { NoRight } from '../../../ui/house/no-right.tsx';
import { Styles } from '../../styles.tsx';

/** Says in words who may come in here. What may be read and done, each page and each verb decides for itself. */
export default async function Layout({ children }: { children: ReactNode }) {
  const actor = await currentActor();
  // Whoever owes a second step is sent to it by the page.
  const isStranger = actor !== null && actor.isHeld !== true && !may(actor, 'members:change');
  return (
    <>
      <Styles of="admin" />
      {isStranger ? <NoRight role={actor.role} /> : children}
    </>
  );
}
