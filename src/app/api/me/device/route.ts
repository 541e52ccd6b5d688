import { renewedDevice } from '../../../../contract/own-alerts.ts';
import { Answer, guarded } from '../../../../server/guard.ts';
import { renewOwnDevice } from '../../../../services/channels/renew-own-device.ts';

/** For the worker of a browser whose push service gave it another address. */
export const PUT = guarded('alerts:receive', async ({ actor, deps, request }) => {
  const given = renewedDevice.safeParse(await request.json().catch(() => null));
  if (!given.success) throw new Answer(400, 'bad_input', 'The body is no renewed subscription.');
  const wish = await renewOwnDevice(deps, actor, given.data);
  if (!wish.isDone) throw new Answer(409, 'refused', wish.problem);
  return new Response(null, { status: 204 });
});
