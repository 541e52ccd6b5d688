import { type NextRequest, NextResponse } from 'next/server';
import { type Config, isDevelopment, readConfig } from './server/config.ts';
import { methodHeader } from './server/method-header.ts';
import { bringsSession, type FreshCookie, renewed } from './server/renew-session.ts';

type Settings = Pick<Config, 'appUrl' | 'supabase'>;
let settings: Settings | undefined;

/**
 * Puts the security headers on every response, and keeps a session of Supabase's from running out while it is used. It lets
 * everybody through: who may do what is decided beside the data.
 */
export function proxy(request: NextRequest): NextResponse | Promise<NextResponse> {
  const known = (settings ??= readConfig());
  if (!bringsSession(known, request.cookies)) return secured(request, known, []);
  return renewed(known, request.cookies).then((fresh) => secured(request, known, fresh));
}

function secured(request: NextRequest, known: Settings, fresh: readonly FreshCookie[]): NextResponse {
  const isHttps = known.appUrl.protocol === 'https:';
  const nonce = freshNonce();
  const policy = contentSecurityPolicy(nonce, request.headers.get('host'), known);
  const forwarded = new Headers(request.headers);
  // Next takes the nonce for its own scripts from the policy; our one style takes it from the second header.
  forwarded.set('content-security-policy', policy);
  forwarded.set('x-nonce', nonce);
  forwarded.set(methodHeader, request.method);
  nameOwnOrigin(forwarded, isHttps);

  const response = NextResponse.next({ request: { headers: forwarded } });
  for (const { name, value, options } of fresh) response.cookies.set(name, value, options);
  const { headers } = response;
  headers.set('content-security-policy', policy);
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'no-referrer');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-resource-policy', 'same-origin');
  headers.set(
    'permissions-policy',
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), display-capture=()',
  );
  if (isHttps) headers.set('strict-transport-security', 'max-age=63072000; includeSubDomains');
  if (!request.nextUrl.pathname.startsWith('/_next/')) headers.set('cache-control', 'no-store');
  return response;
}

function freshNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}

function contentSecurityPolicy(nonce: string, host: string | null, { appUrl, supabase }: Settings): string {
  const isHttps = appUrl.protocol === 'https:';
  // Live updates of Supabase come from there; without it the browser talks to nobody but us.
  const others = supabase === null ? [] : [supabase.url, supabase.url.replace(/^http/, 'ws')];
  // Hot reload needs eval and styles of its own.
  // Not every browser takes 'self' for the WebSocket of the same host.
  const socket = host !== null && /^[\w.:[\]-]+$/.test(host) ? ` ${isHttps ? 'wss' : 'ws'}://${host}` : '';
  return [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? ` 'unsafe-eval'` : ''}`,
    `style-src 'self' ${isDevelopment ? `'unsafe-inline'` : `'nonce-${nonce}'`}`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    ["connect-src 'self'" + socket, ...others].join(' '),
    `worker-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/**
 * Under `no-referrer` a form that is posted before its script has loaded says `Origin: null`, which Next refuses.
 * Sec-Fetch-Site comes from the browser alone; where it says same-origin, that is the origin.
 */
function nameOwnOrigin(headers: Headers, isHttps: boolean): void {
  const host = headers.get('x-forwarded-host') ?? headers.get('host');
  if (host !== null && headers.get('origin') === 'null' && headers.get('sec-fetch-site') === 'same-origin') {
    headers.set('origin', `${isHttps ? 'https' : 'http'}://${host}`);
  }
}

/** Built files need no policy, and a hundred of them would carry it for nothing. */
export const config = { matcher: '/((?!_next/static/).*)' };
