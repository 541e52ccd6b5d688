import { z } from 'zod';

/** What an admin can try on the simulated Meta from the board. */
const scenarioKinds = ['suspend_one', 'ban_wave', 'cut_limit', 'back_to_normal'] as const;
export const scenarioKind = z.enum(scenarioKinds);
export type ScenarioKind = z.infer<typeof scenarioKind>;

/** The simulated world as its own page shows it. Instants are epoch ms. */
export interface SimulationView {
  speed: number;
  now: number;
  accounts: number;
  holding: readonly { scenario: string; since: number; accounts: number }[];
}

/** Everything that can be tried there; an account can be named where it is about one. */
export const scenarios = [
  { kind: 'suspend_one', title: 'Suspend one account', does: 'Meta disables it.', isOfAccount: true },
  {
    kind: 'ban_wave',
    title: 'Mass suspension',
    does: 'Meta disables twelve accounts at once.',
    isOfAccount: false,
  },
  {
    kind: 'cut_limit',
    title: 'Cut a limit',
    does: 'Daily limit and spend cap of one account are halved.',
    isOfAccount: true,
  },
  {
    kind: 'limit_unreadable',
    title: 'Limit cannot be read',
    does: 'Meta refuses the daily limit of one account; everything else is read.',
    isOfAccount: true,
  },
  {
    kind: 'close_account',
    title: 'Close an account',
    does: 'It is pending closure, and closed ten minutes later.',
    isOfAccount: true,
  },
  {
    kind: 'access_lost',
    title: 'Lose access to an account',
    does: 'The token may not see it any more.',
    isOfAccount: true,
  },
  {
    kind: 'throttling',
    title: 'Throttling',
    does: 'Meta answers one account with “too many calls”.',
    isOfAccount: true,
  },
  {
    kind: 'outage',
    title: 'Outage',
    does: 'Every call fails, each in another way.',
    isOfAccount: false,
  },
  {
    kind: 'dead_token',
    title: 'Dead token',
    does: 'Meta refuses the token of the simulation.',
    isOfAccount: false,
  },
  {
    kind: 'back_to_normal',
    title: 'Back to normal',
    does: 'Ends everything that was tried.',
    isOfAccount: false,
  },
] as const;

export const speeds = [1, 2, 10, 60] as const;

const kinds = scenarios.map(({ kind }) => kind);
export const scenarioForm = z.object({
  scenario: z.enum(kinds as [(typeof kinds)[number], ...typeof kinds]),
  account: z.string().trim().max(40).default(''),
});
export const speedForm = z.object({ speed: z.coerce.number() });
