import { publicRoute } from '../../../server/guard.ts';
import { readHealth } from '../../../services/upkeep/read-health.ts';

/** For a monitor outside: 200 only while everything works. */
export const GET = publicRoute('health', async ({ deps }) => {
  const health = await readHealth(deps);
  return Response.json(health, { status: health.status === 'ok' ? 200 : 503 });
});
