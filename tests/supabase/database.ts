import { inject } from 'vitest';
import { connectDatabase, type PostgresDatabase } from '../../src/adapters/database/connect.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

/** A database as Supabase hands it out, before the first migration: its roles, its schemas, and what it grants by default. */
export interface SupabaseDatabase {
  /** As the server's superuser. */
  super: PostgresDatabase;
  /** As the role that applies migrations and runs the product: no superuser. */
  product: PostgresDatabase;
  /** The product's way in, for a process of its own. */
  url: string;
  drop(): Promise<void>;
}

const roles = ['anon', 'authenticated', 'service_role'];

/** `bypassing`: like Supabase's own `postgres`, the product's role is not held by row security. */
export async function supabaseDatabase(bypassing: boolean): Promise<SupabaseDatabase> {
  const made: TestDatabase = await testDatabase('template0');
  const owner = bypassing ? 'arbhub_bypassing' : 'arbhub_held';
  const server = inject('databaseServer');
  await made.database.script(`
    select pg_advisory_xact_lock(7431);
    do $$ begin
      if to_regrole('anon') is null then
        create role anon nologin noinherit;
        create role authenticated nologin noinherit;
        create role service_role nologin noinherit bypassrls;
        create role authenticator login noinherit;
        grant anon, authenticated, service_role to authenticator;
        create role arbhub_bypassing login nosuperuser bypassrls;
        create role arbhub_held login nosuperuser;
      end if;
    end $$;
    alter database ${made.target.database} owner to ${owner};
    grant usage on schema public to ${roles.join(', ')};
    alter default privileges for role ${owner} in schema public grant all on tables to ${roles.join(', ')};
    alter default privileges for role ${owner} in schema public grant all on sequences to ${roles.join(', ')};
    alter default privileges for role ${owner} in schema public grant all on functions to ${roles.join(', ')};

    create schema auth;
    grant usage on schema auth to ${owner}, ${roles.join(', ')};
    create function auth.jwt() returns jsonb language sql stable as $$
      select coalesce(nullif(current_setting('request.jwt.claim', true), ''),
        nullif(current_setting('request.jwt.claims', true), ''))::jsonb $$;
    create function auth.uid() returns uuid language sql stable as $$
      select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;

    create schema realtime;
    grant usage on schema realtime to ${owner}, ${roles.join(', ')};
    create table realtime.messages (
      topic text not null, extension text not null, payload jsonb, event text, private boolean default false,
      updated_at timestamp not null default now(), inserted_at timestamp not null default now(),
      id uuid not null default gen_random_uuid(), primary key (id, inserted_at)
    ) partition by range (inserted_at);
    create table realtime.messages_all partition of realtime.messages default;
    alter table realtime.messages enable row level security;
    grant select, insert, update on realtime.messages to ${owner}, ${roles.join(', ')};
    -- Supabase lets its own role do this without owning the table.
    create function realtime.topic() returns text language sql stable as $$
      select nullif(current_setting('realtime.topic', true), '')::text $$;
    create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
    language plpgsql as $$ begin
      begin
        execute format('set local realtime.topic to %L', topic);
        insert into realtime.messages (payload, event, topic, private, extension)
        values (payload || jsonb_build_object('id', gen_random_uuid()), event, topic, private, 'broadcast');
      exception when others then raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
      end;
    end $$;
    ${bypassing ? `alter table realtime.messages owner to ${owner};` : `create policy product_sends on realtime.messages to ${owner} using (true) with check (true);`}
  `);
  const target = { ...server, user: owner, database: made.target.database };
  const product = connectDatabase({ to: target, maxConnections: 4 });
  const url = new URL(made.url);
  url.username = owner;
  return {
    super: made.database,
    product,
    url: url.href,
    async drop() {
      await product.close();
      await made.drop();
    },
  };
}
