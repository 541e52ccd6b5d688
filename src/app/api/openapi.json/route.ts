import { openApiDocument } from '../../../contract/openapi.ts';
import { publicRoute } from '../../../server/guard.ts';

/** The API for programs, described for programs. */
export const GET = publicRoute('openapi', async () => Response.json(openApiDocument()));
