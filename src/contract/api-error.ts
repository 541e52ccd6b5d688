import { z } from 'zod';

/** What every refused or failed request is answered with. */
export const apiError = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    requestId: z.string().meta({ description: 'Names the request in the log.' }),
  }),
});
export type ApiError = z.infer<typeof apiError>;
