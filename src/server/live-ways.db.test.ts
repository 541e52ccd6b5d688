import { RealtimeClient } from '@supabase/realtime-js';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../tests/members-house.ts';
import { supabaseProject, type SupabaseProject } from '../../tests/supabase/project.ts';
import { supabaseDatabase, type SupabaseDatabase } from '../../tests/supabase/database.ts';
import { claimsOf, unsigned } from '../../tests/supabase/tokens.ts';
import { migrate } from '../adapters/database/migrate.ts';
import { supabaseSignIn } from '../adapters/sign-in/supabase-sign-in.ts';
import type { LiveEvent } from '../contract/live-event.ts';
import type { LiveTicket } from '../contract/live-ticket.ts';
import { readLiveTicket } from '../services/live/read-live-ticket.ts';
import { addMember } from '../services/members/add-member.ts';
import { changeRole } from '../services/members/change-role.ts';
import { jarOfHeader } from '../services/members/cookie-jar.ts';
import { disableMember } from '../services/members/disable-member.ts';
import { actorOfCookies } from '../services/members/find-actor.ts';
import { sessionCookie } from '../services/members/session-life.ts';
import { signInWithPassword } from '../services/members/sign-in.ts';
import { announceChanged, announceChecked } from '../store/live.ts';
import { openLine, type Socket } from '../ui/live/live-line.ts';
import { join as joinRealtime } from '../ui/live/realtime-line.ts';
import type { Deps } from './house.ts';
import { openLiveRealtime } from './live-realtime.ts';
import { openLiveSocket, type LiveSocket } from './live-socket.ts';

/** What the live line has to be, whoever carries it. The screen's end is the product's own, and Supabase's official library. */

const jane = 'jane@agency.example';
const { options } = sessionCookie(new URL('http://localhost:3000'));
type Jar = ReturnType<typeof jarOfHeader>;

let embedded: TestDatabase;
let hosted: SupabaseDatabase;
let project: SupabaseProject;
const endings: (() => unknown)[] = [];

beforeAll(async () => {
  [embedded, hosted, project] = await Promise.all([
    testDatabase(),
    supabaseDatabase(true),
    supabaseProject(),
  ]);
  await migrate(hosted.product, new URL('../../supabase/migrations', import.meta.url).pathname);
  // Supabase's Realtime follows the table; here the table says it.
  await hosted.super.script(`
    create function realtime.tell() returns trigger language plpgsql as $$ begin
      perform pg_notify('realtime_said', json_build_object('topic', new.topic, 'event', new.event, 'payload', new.payload)::text);
      return null; end $$;
    create trigger said after insert on realtime.messages for each row execute function realtime.tell()`);
  await hosted.super.listen(
    'realtime_said',
    (text) => {
      const said = JSON.parse(text) as { topic: string; event: string; payload: object };
      project.realtime.say(said.topic, said.event, said.payload);
    },
    () => undefined,
  );
  vi.stubGlobal('WebSocket', WebSocket);
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await project.close();
  await Promise.all([embedded.drop(), hosted.drop()]);
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

describe.each(['a line of our own', 'Realtime, told by the database', 'Realtime, told by HTTP'] as const)(
  '%s',
  (way) => {
    let house: MembersHouse;
    let live: LiveSocket;
    let address: string;

    beforeEach(async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      endings.push(() => vi.useRealTimers());
      const database = way === 'Realtime, told by the database' ? hosted.product : embedded.database;
      house = membersHouse(database);
      await database.sql`delete from live_topics`;
      await database.sql`truncate sessions, one_time_links, throttles, audit_log, members cascade`;
      project.auth.users.clear();
      project.realtime.refused.length = 0;
      const deps = house as unknown as Deps;
      if (way === 'a line of our own') {
        live = await openLiveSocket(deps);
      } else {
        house.signIn = supabaseSignIn(project, { name: 'arbhub-auth', options });
        Object.assign(house.config, { supabase: project });
        live = await openLiveRealtime(deps, project);
      }
      endings.push(() => live.close());
      const server = createServer();
      server.on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      endings.push(() => server.close());
      const { port } = server.address() as AddressInfo;
      address = `ws://127.0.0.1:${port}/api/live`;
      house.config.appUrl = new URL('http://localhost:3000');
    });

    async function enter(email = jane): Promise<Jar> {
      await addMember(house, operator, { email, role: 'viewer', password });
      const jar = jarOfHeader(null);
      const result = await signInWithPassword(house, { email, password, address: '192.0.2.1' }, jar);
      expect(result.outcome).toBe('in');
      return jar;
    }

    /** An open screen of whoever has this jar, and what it has heard. */
    function open(jar: Jar) {
      const heard: LiveEvent[] = [];
      const state = { downs: 0 };
      const connect = (): Socket => {
        if (way === 'a line of our own') {
          const cookie = jar
            .getAll()
            .map(({ name, value }) => `${name}=${value}`)
            .join('; ');
          return new WebSocket(address, { headers: { cookie, origin: 'http://localhost:3000' } }).on(
            'error',
            () => undefined,
          ) as unknown as Socket;
        }
        const socket: Socket = { onmessage: null, onclose: null, close: () => undefined };
        let isClosed = false;
        let leave: () => void = () => undefined;
        socket.close = () => {
          isClosed = true;
          leave();
        };
        // The ticket's route as the guard would answer it.
        const readTicket = async () => {
          const actor = await actorOfCookies(house, jar, 'read');
          const ticket = actor === null ? null : await readLiveTicket(house as never, actor, jar);
          if (ticket === null) throw new Error('401');
          return ticket;
        };
        joinRealtime(socket, readTicket).then(
          (end) => {
            leave = end;
            if (isClosed) end();
          },
          () => socket.onclose?.(),
        );
        return socket;
      };
      const line = openLine({
        connect,
        random: () => 0,
        onEvent: (event) => heard.push(event),
        onUp: () => undefined,
        onDown: () => (state.downs += 1),
      });
      endings.push(() => line.close());
      const news = () => heard.filter(({ type }) => type !== 'beat');
      return { heard, news, state };
    }
    const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 8000, interval: 20 });
    const isUp = (screen: ReturnType<typeof open>) =>
      until(() => expect(screen.news()).toContainEqual({ type: 'alerts' }));

    test('a member hears a beat, then all, then what changes', async () => {
      const screen = open(await enter());
      await isUp(screen);
      expect(screen.heard[0]).toMatchObject({ type: 'beat', at: expect.any(Number) });
      expect(screen.news()).toContainEqual({ type: 'changed', accountIds: 'all' });
      const before = screen.news().length;
      await announceChanged(house.database.sql, ['act_1', 'act_2']);
      await announceChecked(house.database.sql, 1_764_000_000_000, ['act_3']);
      await until(() => expect(screen.news()).toHaveLength(before + 2));
      expect(screen.news().slice(before)).toEqual([
        { type: 'changed', accountIds: ['act_1', 'act_2'] },
        { type: 'checked', at: 1_764_000_000_000, failed: ['act_3'] },
      ]);
      expect(screen.state.downs).toBe(0);
    });

    test('what was rolled back is never said', async () => {
      const screen = open(await enter());
      await isUp(screen);
      const before = screen.news().length;
      await house.database
        .transaction(async (sql) => {
          await announceChanged(sql, ['act_never']);
          throw new Error('rolled back');
        })
        .catch(() => undefined);
      await announceChanged(house.database.sql, ['act_1']);
      await until(() => expect(screen.news()).toHaveLength(before + 1));
      expect(JSON.stringify(screen.heard)).not.toContain('act_never');
    });

    test('nobody hears without a session', async () => {
      await enter();
      const screen = open(jarOfHeader('arbhub=made-up; arbhub-auth=made-up'));
      await until(() => expect(screen.state.downs).toBeGreaterThan(0));
      expect(screen.heard).toEqual([]);
      expect(project.realtime.joined()).toEqual([]);
    });

    test.each(['shut out', 'given another role'])('who is %s hears no more, the others do', async (what) => {
      const [one, other] = [open(await enter()), open(await enter('other@agency.example'))];
      await Promise.all([isUp(one), isUp(other)]);
      if (what === 'shut out') await disableMember(house, operator, { email: jane });
      else await changeRole(house, operator, { email: jane, role: 'analyst' });
      // A line of our own asks with each beat.
      await vi.advanceTimersByTimeAsync(20_000);
      await until(() => expect(one.state.downs).toBeGreaterThan(0));
      // Again till the other has found the channel's new name; before, his screen reads everything anyway.
      await until(async () => {
        await announceChanged(house.database.sql, ['act_secret']);
        expect(JSON.stringify(other.heard)).toContain('act_secret');
      });
      expect(JSON.stringify(one.heard)).not.toContain('act_secret');
      expect(other.state.downs).toBe(0);
    });

    test('who stays on the channel that he knew hears nothing there any more', async () => {
      if (way === 'a line of our own') return;
      const jar = await enter();
      const other = open(await enter('other@agency.example'));
      await isUp(other);
      const ticket = await readLiveTicket(house as never, operator, jar);
      const { topic = '', token = '', url = '', key = '' } = ticket ?? {};
      const client = new RealtimeClient(url, { params: { apikey: key } });
      endings.push(() => client.disconnect());
      await client.setAuth(token);
      const heard: string[] = [];
      const channel = client.channel(topic, { config: { private: true } });
      channel.on('broadcast', { event: '*' }, ({ event, payload }) =>
        heard.push(`${event} ${JSON.stringify(payload)}`),
      );
      await new Promise<void>((resolve) => channel.subscribe((state) => state === 'SUBSCRIBED' && resolve()));
      await announceChanged(house.database.sql, ['act_open']);
      await until(() => expect(heard.join()).toContain('act_open'));
      await disableMember(house, operator, { email: jane });
      await until(() => expect(heard.join()).toContain('moved'));
      // Again till the other has found the channel's new name; before, his screen reads everything anyway.
      await until(async () => {
        await announceChanged(house.database.sql, ['act_secret']);
        expect(JSON.stringify(other.heard)).toContain('act_secret');
      });
      expect(heard.join()).not.toContain('act_secret');
    });

    test('a line that broke comes back', async () => {
      const screen = open(await enter());
      await isUp(screen);
      if (way === 'a line of our own') return;
      screen.heard.length = 0;
      project.realtime.cut();
      await until(() => expect(screen.state.downs).toBeGreaterThan(0));
      await isUp(screen);
    });
  },
);

describe('Realtime', () => {
  let house: MembersHouse;
  beforeEach(async () => {
    house = membersHouse(embedded.database);
    await house.empty();
    project.auth.users.clear();
    house.signIn = supabaseSignIn(project, { name: 'arbhub-auth', options });
    Object.assign(house.config, { supabase: project });
  });

  /** A screen whose tickets come from here. */
  async function joined(ticketOf: () => Promise<LiveTicket>) {
    const heard: unknown[] = [];
    const state = { closed: 0 };
    const socket: Socket = {
      onmessage: ({ data }) => heard.push(JSON.parse(String(data))),
      onclose: () => (state.closed += 1),
      close: () => undefined,
    };
    endings.push(await joinRealtime(socket, ticketOf));
    return { heard, state };
  }
  const ticketFor = (token: string): LiveTicket => ({
    url: `${project.url.replace('http', 'ws')}/realtime/v1`,
    key: project.anonKey,
    topic: `arbhub:${'a'.repeat(64)}`,
    token,
    now: Date.now(),
  });

  test('a token that runs out soon is renewed on the open channel; one that has run out ends it', async () => {
    const user = project.auth.signUp(jane, password);
    user.app_metadata['arbhub'] = 'member';
    const tokens = [60, 3600].map((seconds) =>
      project.auth.signedTokenOf(user, { exp: Math.floor(Date.now() / 1000) + seconds }),
    );
    const screen = await joined(async () => ticketFor(tokens.shift() ?? ''));
    await vi.waitFor(() => expect(screen.heard).toContainEqual({ type: 'alerts' }));
    await vi.waitFor(() =>
      expect(project.realtime.joined()[0]?.endsAt).toBeGreaterThan(Date.now() + 600_000),
    );
    project.realtime.endExpired(Date.now() + 120_000);
    expect(screen.state.closed).toBe(0);
    project.realtime.endExpired(Date.now() + 3_700_000);
    await vi.waitFor(() => expect(screen.state.closed).toBe(1));
  });

  test('a user of the project who is no member does not get in, whatever he says of himself', async () => {
    const eve = project.auth.signUp('eve@evil.example', 'x');
    eve.user_metadata = { arbhub: 'member', role: 'admin' };
    const jane_ = project.auth.signUp(jane, 'x');
    jane_.app_metadata['arbhub'] = 'member';
    const good = project.auth.signedTokenOf(jane_);
    const forged = `${good.slice(0, -4)}AAAA`;
    for (const token of [
      project.auth.signedTokenOf(eve),
      forged,
      unsigned(claimsOf(good)),
      project.anonKey,
    ]) {
      const screen = await joined(async () => ticketFor(token)).catch(() => null);
      if (screen !== null) await vi.waitFor(() => expect(screen.state.closed).toBe(1));
      expect(screen?.heard ?? []).toEqual([]);
    }
    expect(project.realtime.joined()).toEqual([]);
  });

  test('the ticket has no key but the one for browsers, and programs get none', async () => {
    await addMember(house, operator, { email: jane, role: 'viewer', password });
    const jar = jarOfHeader(null);
    await signInWithPassword(house, { email: jane, password, address: '192.0.2.1' }, jar);
    const ticket = await readLiveTicket(house as never, operator, jar);
    expect(ticket).toMatchObject({
      url: `${project.url.replace('http', 'ws')}/realtime/v1`,
      key: project.anonKey,
    });
    expect(JSON.stringify(ticket)).not.toContain(project.serviceRoleKey);
    expect(await readLiveTicket(house as never, operator, jarOfHeader(null))).toBeNull();
    Object.assign(house.config, { supabase: null });
    expect(await readLiveTicket(house as never, operator, jar)).toBeNull();
    await expect(
      readLiveTicket(house as never, { role: 'guest' as never, name: 'x' }, jar),
    ).rejects.toThrow();
  });
});
