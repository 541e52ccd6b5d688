import { type Action, type Actor, may } from '../domain/permissions.ts';

/** Thrown when the actor may not. Told by its property: Next bundles a module twice, and then `instanceof` lies. */
class Refused extends Error {
  readonly refusal = 'forbidden';

  constructor(actor: Actor, action: Action) {
    super(`${actor.role} may not ${action}`);
  }
}

/** Throws `Refused` unless the table of roles allows it. */
export function mustBeAllowed(actor: Actor, action: Action): void {
  if (!may(actor, action)) throw new Refused(actor, action);
}
