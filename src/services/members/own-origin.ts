const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Whether an Origin header names the product itself. The names of the own machine are one origin. */
export function isOwnOrigin(origin: string | null | undefined, appUrl: URL): boolean {
  if (!origin || !URL.canParse(origin)) return false;
  const given = new URL(origin);
  if (given.protocol !== appUrl.protocol || given.port !== appUrl.port) return false;
  const isSame = given.hostname === appUrl.hostname;
  return isSame || (loopback.includes(given.hostname) && loopback.includes(appUrl.hostname));
}

/**
 * Whether a request that changes something comes from the product's own pages. `Origin: null` never does by itself;
 * browsers send it with forms under `Referrer-Policy: no-referrer`, and then Sec-Fetch-Site, which no page can forge, decides.
 */
export function isFromOwnPage(headers: Pick<Headers, 'get'>, appUrl: URL): boolean {
  return headers.get('sec-fetch-site') === 'same-origin' || isOwnOrigin(headers.get('origin'), appUrl);
}
