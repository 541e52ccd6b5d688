import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Method, publicRoutes, routeTable } from './route-table.ts';

const app = path.resolve(import.meta.dirname, '../app');
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

interface Source {
  file: string;
  /** The path as in the table: without groups. */
  route: string;
  text: string;
}

function sources(name: RegExp): Source[] {
  return readdirSync(app, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => {
      const folder = path.relative(app, entry.parentPath);
      const parts = folder.split(path.sep).filter((part) => part !== '' && !/^\(.*\)$/.test(part));
      const file = path.join(folder, entry.name);
      return { file, route: `/${parts.join('/')}`, text: readFileSync(path.join(app, file), 'utf8') };
    });
}

/** Which guard stands before each method of a route file: `GET` -> `accounts:read`, `public`, `cron`, or what stands there instead. */
function guardsOf({ text, route }: Source): Record<string, string> {
  const behind: Record<string, string> = {};
  const declared = /\bconst\s+(\w+)\s*=\s*(\w+)(?:<[^(]*>)?\s*(?:\(\s*(?:'([^']*)')?)?/g;
  for (const [, name = '', guard = '', argument = ''] of text.matchAll(declared)) {
    behind[name] = accessOf(guard, argument, route) ?? behind[guard] ?? 'no guard';
  }
  const found: Record<string, string> = {};
  const exported = /\bexport\s+(?:const\s+(\w+)|(?:async\s+)?function\s+(\w+)|\{([^}]*)\}(\s*from)?|(\*))/g;
  for (const [, name, plain, list, from, all] of text.matchAll(exported)) {
    if (name !== undefined && methods.includes(name)) found[name] = behind[name] ?? 'no guard';
    if (plain !== undefined) found[plain] = 'no guard';
    if (all !== undefined) found[all] = 'from elsewhere';
    for (const item of list?.split(',') ?? []) {
      const [inner = '', outer = inner] = item.trim().split(/\s+as\s+/);
      if (outer !== '') found[outer] = from === undefined ? (behind[inner] ?? 'no guard') : 'from elsewhere';
    }
  }
  return found;
}

function accessOf(guard: string, argument: string, route: string): string | undefined {
  if (guard === 'guarded') return argument;
  if (guard === 'cronRoute') return 'cron';
  if (guard === 'signedRoute' || guard === 'challengeRoute') return 'signed';
  if (guard !== 'publicRoute') return undefined;
  const isNamed = Object.entries(publicRoutes).some(([name, at]) => name === argument && at === route);
  return isNamed ? 'public' : `public under the name of another route: ${argument}`;
}

const routes = sources(/^route\.tsx?$/);
const pages = sources(/^page\.tsx?$/);
const actions = sources(/\.tsx?$/).filter(({ text }) => /^['"]use server['"]/m.test(text));

test('the walk sees routes, pages and actions', () => {
  expect(routes.length).toBeGreaterThanOrEqual(6);
  expect(pages.length).toBeGreaterThanOrEqual(4);
  expect(actions.length).toBeGreaterThanOrEqual(2);
});

test.each(routes)('$file goes through the guard that the table names', (source) => {
  expect(guardsOf(source)).toEqual(routeTable[source.route]);
});

test.each(pages)('$file asks who is looking, unless the table says anyone', ({ route, text }) => {
  const access = routeTable[route]?.GET;
  expect(access).toBeDefined();
  const asked = [...text.matchAll(/await requireActor\('([^']*)'\)/g)].map(([, action]) => action);
  // Whoever holds a message's link sees what that link is about, and nothing else.
  if (access === 'link')
    expect(text.match(/services\/\S+/g)).toEqual([expect.stringMatching(/read-alert-link/)]);
  else if (access === 'public') expect(text).not.toMatch(/services\/(?!members\/)/);
  else expect(asked).toEqual([access]);
});

test.each(actions)('$file: each action takes posts of our own pages only', ({ text, file }) => {
  const isPublic = file.startsWith('(auth)');
  const isByLink = file.startsWith('(link)');
  const bodies = text.split(/^export /m).slice(1);
  expect(bodies.length).toBeGreaterThan(0);
  for (const body of bodies) {
    // A wish of an admin's form: `wishOf` asks both, as the test below says.
    if (/^async function \w+\(form: FormData\): Promise<Act> \{\s*return wishOf\(/.test(body)) continue;
    expect(body).toMatch(/^async function \w+\([^)]*\)[^{]*(\{[^{}]*\}[^{]*)*\{\s*await requireOwnPage\(\);/);
    if (isByLink) expect(text.match(/services\/\S+/g)).toEqual([expect.stringMatching(/act-by-link/)]);
    else if (!isPublic && !body.includes('function signOut(')) expect(body).toMatch(/await requireActor\('/);
  }
});

test('the wish of an admin’s form takes posts of our own pages only, and asks who it is', () => {
  const text = readFileSync(path.join(app, '(house)/admin/wish-of.ts'), 'utf8');
  expect(text).toMatch(
    /Promise<Act> \{\s*await requireOwnPage\(\);\s*const actor = await requireActor\(action\);/,
  );
  for (const { file, text: said } of actions)
    for (const [, here] of said.matchAll(/wishOf\(\s*\{ \.\.\.(\w+)/g))
      expect(said, file).toMatch(new RegExp(`const ${here} = \\{ action: '[a-z]+:change', page: '/admin`));
});

test('only the cron routes are for the cron secret, only webhooks are signed, and only named routes are for anyone', () => {
  for (const [route, byMethod] of Object.entries(routeTable)) {
    for (const method of Object.keys(byMethod) as Method[]) {
      expect(byMethod[method] === 'cron').toBe(route.startsWith('/api/cron/'));
      expect(byMethod[method] === 'signed').toBe(route.startsWith('/api/webhooks/'));
      expect(byMethod[method] === 'link').toBe(route === '/alerts/act/[token]');
      if (byMethod[method] === 'public' && route.startsWith('/api/')) {
        expect(Object.values(publicRoutes)).toContain(route);
        expect(method).toBe('GET');
      }
    }
  }
});

test.each([
  [`export const GET = guarded('accounts:read', x);`, { GET: 'accounts:read' }],
  [`export const GET = guarded<{ id: string }>(\n  'accounts:read',\n  x);`, { GET: 'accounts:read' }],
  [`export const GET = cronRoute(x);\nexport const POST = GET;`, { GET: 'cron', POST: 'cron' }],
  [
    `export const POST = signedRoute(shape, x);\nexport const GET = challengeRoute();`,
    { POST: 'signed', GET: 'signed' },
  ],
  [`export const GET = publicRoute('health', x);`, { GET: 'public under the name of another route: health' }],
  [`export async function GET() {}`, { GET: 'no guard' }],
  [`export const DELETE = async () => new Response();`, { DELETE: 'no guard' }],
  [
    `const run = cronRoute(x);
export { run as GET, run as POST };`,
    { GET: 'cron', POST: 'cron' },
  ],
  [
    `const GET = x;
export { GET };`,
    { GET: 'no guard' },
  ],
  [`export { GET } from './other.ts';`, { GET: 'from elsewhere' }],
  [`export * from './other.ts';`, { '*': 'from elsewhere' }],
  [
    `const run = cronRoute(x);
export const GET = async () => run;`,
    { GET: 'no guard' },
  ],
])('%j is read right', (text, guards) => {
  expect(guardsOf({ file: 'x', route: '/x', text })).toEqual(guards);
});
