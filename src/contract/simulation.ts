import { z } from 'zod';

/** What an admin can try on the simulated Meta from the board. */
const scenarioKinds = ['suspend_one', 'ban_wave', 'cut_limit', 'back_to_normal'] as const;
export const scenarioKind = z.enum(scenarioKinds);
export type ScenarioKind = z.infer<typeof scenarioKind>;
