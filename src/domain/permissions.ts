/** Who may do what. The only table of roles; everything that reads or writes asks it. */

export const roles = ['viewer', 'analyst', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What each role may do, in a few words. */
export const roleWords: Record<Role, string> = {
  viewer: 'sees the board, accounts and alerts',
  analyst: 'sees all accounts, acknowledges alerts, exports',
  admin: 'everything',
};

const allowed = {
  // One's own password, sessions and second step.
  'self:change': ['viewer', 'analyst', 'admin'],
  'accounts:read': ['viewer', 'analyst', 'admin'],
  'alerts:read': ['viewer', 'analyst', 'admin'],
  'alerts:receive': ['viewer', 'analyst', 'admin'],
  'alerts:acknowledge': ['analyst', 'admin'],
  'metrics:export': ['analyst', 'admin'],
  'keys:own': ['analyst', 'admin'],
  'notes:write': ['analyst', 'admin'],
  'accounts:change': ['admin'],
  'members:change': ['admin'],
  'connections:change': ['admin'],
  'channels:change': ['admin'],
  'rules:change': ['admin'],
  'simulation:control': ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof allowed;

/** Whoever asks: a member of the team with a session, or a program with an API key. */
export interface Actor {
  role: Role;
  /** Shown in the audit log: a member's e-mail or `api-key:<name>`. */
  name: string;
  /** Set while he owes a second step for signing in: he may see to that, and to nothing else. */
  isHeld?: true;
}

/** Whether the actor may do it. A role that is not in the table may do nothing. */
export function may(actor: Actor, action: Action): boolean {
  if (actor.isHeld === true && action !== 'self:change') return false;
  return (allowed[action] as readonly string[]).includes(actor.role);
}

/** Of two roles the one that may do less. */
export function lesserRole(one: Role, other: Role): Role {
  return roles.indexOf(one) <= roles.indexOf(other) ? one : other;
}
