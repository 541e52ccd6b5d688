import type { State } from '../../domain/status.ts';

/** The states as a list of accounts names them. */
export const stateNames: Readonly<Record<State, string>> = {
  active: 'active',
  warning: 'payment warning',
  suspended: 'suspended',
  closing: 'closing',
  closed: 'closed',
  access_lost: 'access lost',
  archived: 'archived',
  unknown: 'not read yet',
};
