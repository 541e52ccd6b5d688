import { after } from 'next/server';
import { metaWebhook, webhookAnswer } from '../../../../contract/meta-webhook.ts';
import { challengeRoute, signedRoute } from '../../../../server/signed-route.ts';
import { hearWebhook } from '../../../../services/hints/hear-webhook.ts';
import { readHinted } from '../../../../services/hints/read-hinted.ts';

/** Meta asks whether the address is ours. */
export const GET = challengeRoute();

/** Meta says that something happened. The answer waits for no reading: that comes after it, here or in a process that was woken. */
export const POST = signedRoute(metaWebhook, async ({ deps, body }) => {
  const heard = await hearWebhook(deps, body);
  if (heard > 0) {
    const fail = (error: unknown) => deps.log.error('hints not read', { error: String(error) });
    after(() => readHinted(deps).catch(fail));
  }
  return Response.json(webhookAnswer.parse({ heard }));
});
