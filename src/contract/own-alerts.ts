import { z } from 'zod';

/** What a member says about how he himself is told, as forms send it, and what he is shown. */

export const hoursForm = z.object({
  timezone: z.string().max(64),
  from: z.string().max(8),
  to: z.string().max(8),
});

export const deviceForm = z.object({ deviceId: z.number().int().positive().max(2_147_483_647) });

/** What a browser's worker says when its push service gave it another address; `endpoint` is the one it had. */
export const renewedDevice = z.object({ endpoint: z.string().max(2000), subscription: z.unknown() });

/** A browser that gets alerts. Instants are epoch ms. */
export interface OwnDevice {
  id: number;
  name: string;
  addedAt: number;
  lastSentAt: number | null;
  /** What went wrong since then; null when nothing did. */
  problem: string | null;
  isOff: boolean;
}

export interface OwnAlerts {
  timezone: string;
  /** Every zone that can be chosen. */
  zones: readonly string[];
  quiet: { from: string; to: string } | null;
  devices: readonly OwnDevice[];
  /** The public key that browsers subscribe with; null when it cannot be read at the moment. */
  pushKey: string | null;
}
