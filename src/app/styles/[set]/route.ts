import { Answer, publicRoute } from '../../../server/guard.ts';
import { isSheetSet, readStyles } from '../../../server/styles.ts';

/** A set of sheets by itself, for pages that the browser puts together without a document of their own. */
export const GET = publicRoute<{ set: string }>('styles', ({ params: { set } }) => {
  if (!isSheetSet(set)) throw new Answer(404, 'not_found', 'There are no such styles.');
  return new Response(readStyles(set), { headers: { 'content-type': 'text/css; charset=utf-8' } });
});
