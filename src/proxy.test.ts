import { NextRequest, type NextResponse } from 'next/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { proxy as Proxy } from './proxy.ts';

let proxy: typeof Proxy;

async function under(appUrl: string): Promise<void> {
  vi.resetModules();
  vi.stubEnv('APP_URL', appUrl);
  ({ proxy } = await import('./proxy.ts'));
}

beforeEach(() => under('http://localhost:3000'));
afterEach(() => vi.unstubAllEnvs());

function ask(path: string, headers: Record<string, string> = {}) {
  const given = new Headers({ host: 'localhost:3000', ...headers });
  // Only a session of Supabase's makes it wait.
  const response = proxy(new NextRequest(`http://localhost:3000${path}`, { headers: given })) as NextResponse;
  const policy = response.headers.get('content-security-policy') ?? '';
  const forwarded = (name: string) => response.headers.get(`x-middleware-request-${name}`);
  return { headers: response.headers, policy, forwarded, nonce: /'nonce-([^']+)'/.exec(policy)?.[1] };
}

const pagesAndRoutes = [
  '/',
  '/login',
  '/dashboard',
  '/api/v1/accounts',
  '/api/cron/status',
  '/nowhere',
  '/icon.svg',
];

test.each([...pagesAndRoutes, '/_next/static/chunks/x.js'])('%s has every security header', (path) => {
  const { headers, policy } = ask(path);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('permissions-policy')).toContain('camera=()');
  expect(headers.get('strict-transport-security')).toBeNull();
  for (const directive of [
    "default-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "connect-src 'self' ws://localhost:3000",
  ]) {
    expect(policy.split('; ')).toContain(directive);
  }
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
  expect(policy).not.toContain('unsafe');
});

test('pages and answers are not stored, built files are', () => {
  for (const path of pagesAndRoutes) expect(ask(path).headers.get('cache-control')).toBe('no-store');
  expect(ask('/_next/static/chunks/x.js').headers.get('cache-control')).toBeNull();
});

test('each answer has a nonce of its own, of 128 bits, and Next is told the same policy', () => {
  const nonces = Array.from({ length: 100 }, () => {
    const { nonce, policy, forwarded } = ask('/login');
    expect(forwarded('content-security-policy')).toBe(policy);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(100);
  for (const nonce of nonces) expect(Buffer.from(nonce ?? '', 'base64')).toHaveLength(16);
});

test('a policy that the request brought along counts for nothing', () => {
  const { forwarded, policy } = ask('/login', { 'content-security-policy': "script-src 'nonce-evil'" });
  expect(forwarded('content-security-policy')).toBe(policy);
  expect(policy).not.toContain('evil');
});

test.each(['evil.example; script-src *', "x 'unsafe-inline'", 'a,b'])(
  'the host %j does not get into the policy',
  (host) => {
    expect(ask('/login', { host }).policy).toContain("connect-src 'self';");
  },
);

test('with Supabase the browser may reach the project, and nothing else more', async () => {
  expect(ask('/login').policy).toContain("connect-src 'self' ws://localhost:3000;");
  vi.stubEnv('NEXT_PUBLIC_SUPABASE_URL', 'https://project.supabase.co');
  vi.stubEnv('NEXT_PUBLIC_SUPABASE_ANON_KEY', 'sb_publishable_x');
  vi.stubEnv('SUPABASE_SERVICE_ROLE_KEY', 'sb_secret_x');
  await under('https://arbhub.example');
  expect(ask('/login', { host: 'arbhub.example' }).policy).toContain(
    "connect-src 'self' wss://arbhub.example https://project.supabase.co wss://project.supabase.co;",
  );
});

test('over https there is HSTS and the live line is wss', async () => {
  await under('https://arbhub.example');
  const { headers, policy } = ask('/login', { host: 'arbhub.example' });
  expect(headers.get('strict-transport-security')).toMatch(/^max-age=63072000/);
  expect(policy).toContain("connect-src 'self' wss://arbhub.example;");
});

describe('a form that says Origin: null', () => {
  test.each([
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, 'http://localhost:3000'],
    [{ origin: 'null', 'sec-fetch-site': 'cross-site' }, 'null'],
    [{ origin: 'null', 'sec-fetch-site': 'same-site' }, 'null'],
    [{ origin: 'null' }, 'null'],
    [{ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, 'https://evil.example'],
  ])('with %j comes from %s', (headers, origin) => {
    expect(ask('/login', headers).forwarded('origin')).toBe(origin);
  });
});
