import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { constants } from 'node:zlib';
import compression from 'compression';
import next from 'next';
import sirv from 'sirv';
import { peerHeader } from '../services/members/client-address.ts';
import type { Deps } from './house.ts';
import { openLiveRealtime } from './live-realtime.ts';
import { livePath, openLiveSocket } from './live-socket.ts';
import { peerReader } from './peer-reader.ts';

/** Serves the pages, the routes and the live line. Resolves once it listens; the returned function ends all of it. */
export async function serveWeb(deps: Deps, root: string, isDev: boolean): Promise<() => Promise<void>> {
  const { host, port, supabase } = deps.config;
  const app = next({ dev: isDev, dir: root, hostname: host, port });
  await app.prepare();
  const handle = app.getRequestHandler();
  const upgradeNext = app.getUpgradeHandler();
  const live = await (supabase === null ? openLiveSocket(deps) : openLiveRealtime(deps, supabase));
  const compress = compressor();
  const sendBuilt = isDev ? null : builtFiles(root);
  const peerOf = peerReader(deps.config.trustedProxies);

  const server = createServer((request, response) => {
    // Next fails at a TRACE instead of refusing it.
    if (!methods.includes(request.method ?? '')) {
      response.writeHead(405, { allow: methods.join(', '), 'content-length': 0 }).end();
      return;
    }
    // Whoever sends this header himself must not choose the address by which his tries are counted.
    request.headers[peerHeader] = peerOf(request.socket.remoteAddress ?? '');
    // Next answers `//api/cron/status` with a redirect, which a scheduler takes for success.
    request.url = (request.url ?? '/').replace(/^[\\/][^?]*/, (path) => path.replace(/[\\/]+/g, '/'));
    const answer = () => compress(request, response, () => void handle(request, response));
    const { url } = request;
    if (sendBuilt === null || !url.startsWith(builtPath)) return answer();
    request.url = url.slice(builtPath.length - 1);
    sendBuilt(request, response, () => {
      request.url = url;
      answer();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] === livePath) live.upgrade(request, socket, head);
    else void upgradeNext(request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return async () => {
    await live.close();
    server.close();
    server.closeAllConnections();
    await app.close();
  };
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

const builtPath = '/_next/static/';

/** Sends the scripts of the build, which are named by their content and lie there compressed (`scripts/prepare.mjs`). */
function builtFiles(root: string): Middleware {
  return sirv(path.join(root, '.next/static'), {
    brotli: true,
    gzip: true,
    immutable: true,
    maxAge: 31_536_000,
    setHeaders(response, name) {
      response.setHeader('x-content-type-options', 'nosniff');
      if (name.endsWith('.js')) response.setHeader('content-type', 'text/javascript; charset=utf-8');
    },
  });
}

const compressible = /^(text\/|application\/(json|javascript)|image\/svg)/;

function compressor(): Middleware {
  // Next writes the headers of a route's answer as lists, which the usual filter does not read.
  const filter = (_request: unknown, response: ServerResponse) =>
    compressible.test(String(response.getHeader('content-type')));
  // Its types speak of Express, but it needs no more than Node's own request and response.
  // One step above its default: a tenth fewer bytes for a millisecond.
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
  return compression({ filter, brotli } as object) as unknown as Middleware;
}
