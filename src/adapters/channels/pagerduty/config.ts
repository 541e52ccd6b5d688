import { z } from 'zod';
import { shaped } from '../entered.ts';

export const pagerdutySettings = z.strictObject({
  routingKey: shaped(/^[A-Za-z0-9]{32}$/, 'must be the 32 characters of an "Events API v2" integration key'),
});
export type PagerdutySettings = z.output<typeof pagerdutySettings>;
