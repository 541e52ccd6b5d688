import { exportQuery } from '../../../../../contract/export.ts';
import { Answer, guarded, parseQuery } from '../../../../../server/guard.ts';
import { exportMetrics } from '../../../../../services/accounts/export-metrics.ts';

/** History as a file for a spreadsheet, written while it is read. */
export const GET = guarded('metrics:export', async ({ request, actor, deps }) => {
  const begun = await exportMetrics(deps, actor, parseQuery(exportQuery, request));
  if (begun.outcome === 'refused')
    throw begun.isPause
      ? new Answer(429, 'too_many', begun.problem)
      : new Answer(400, 'bad_input', begun.problem);
  const { pieces, fileName } = begun;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    // Who goes away in the middle ends the reading too.
    async cancel() {
      await pieces.return();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName}"`,
    },
  });
});
