import type { State } from '../../domain/status.ts';

/** The states in words, on every page alike. */
export const stateNames: Readonly<Record<State, string>> = {
  active: 'active',
  warning: 'payment warning',
  suspended: 'suspended',
  closing: 'closing',
  closed: 'closed',
  access_lost: 'access lost',
  archived: 'archived',
  unknown: 'unknown state',
};
