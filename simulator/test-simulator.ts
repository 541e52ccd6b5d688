/** A simulator on a real port for tests, with a clock that stands still. */
import { once } from 'node:events';
import { buildSimulation } from './build.ts';
import { parseOptions } from './options.ts';
import { createSimulatorServer } from './server.ts';
import type { Simulation } from './simulation.ts';

const NOW = '2026-11-22T18:07:00.000Z';

interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; tests look into it by path. */
  readonly json: Json;
}

/** JSON of any shape, with every lookup allowed. */
export interface Json {
  readonly [key: string]: Json;
}

export interface BatchItemAnswer {
  readonly code: number;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
}

export interface TestSimulator {
  readonly url: string;
  readonly simulation: Simulation;
  get(path: string, headers?: Record<string, string>): Promise<GraphAnswer>;
  batch(urls: readonly string[], extra?: Record<string, string>): Promise<GraphAnswer>;
  control(method: string, path: string, body?: object): Promise<GraphAnswer>;
  close(): Promise<void>;
}

/** Starts a simulator in this process; `args` are command-line options besides the port. */
export async function startSimulator(...args: string[]): Promise<TestSimulator> {
  const simulation = buildSimulation(parseOptions(['--port', '0', ...args]));
  if (simulation.clock.state().frozenMs === null) simulation.clock.freeze(Date.parse(NOW));
  const server = createSimulatorServer(simulation);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const send = async (path: string, init: RequestInit): Promise<GraphAnswer> => {
    const response = await fetch(url + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  };
  return {
    url,
    simulation,
    get: (path, headers = { Authorization: 'Bearer EAATest' }) => send(path, { headers }),
    batch: (urls, extra = {}) =>
      send('/v26.0/', {
        method: 'POST',
        body: new URLSearchParams({
          access_token: 'EAATest',
          batch: JSON.stringify(urls.map((relative_url) => ({ method: 'GET', relative_url }))),
          ...extra,
        }),
      }),
    control: (method, path, body) =>
      send(`/__sim${path}`, body === undefined ? { method } : { method, body: JSON.stringify(body) }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An answer that is no JSON reads as an empty object. */
function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}
