import type { Finding } from './doctor-facts.ts';

/** What is wrong before anything can be asked of the tables. */
export type Obstacle =
  | { kind: 'settings'; lines: string[] }
  | { kind: 'not_begun' }
  | { kind: 'unreachable'; problem: string }
  | { kind: 'old_server'; version: string }
  | { kind: 'behind'; missing: string[] }
  | { kind: 'ahead'; newer: string[] };

const stop = (what: string): Pick<Finding, 'level' | 'what'> => ({ level: 'error', what });

/** The finding about what keeps the doctor from looking further. */
export function tellObstacle(obstacle: Obstacle): Finding[] {
  switch (obstacle.kind) {
    case 'settings':
      return obstacle.lines.map((line) => ({
        ...stop(`wrong setting: ${line}`),
        why: 'ArbHub does not start with it.',
        mend: 'Correct it in .env or where the settings are kept; .env.example explains each.',
      }));
    case 'not_begun':
      return [
        {
          ...stop('nothing was ever started in this data directory'),
          why: 'There is neither a database nor anything to look at.',
          mend: 'npm start; or set DATABASE_URL or ARBHUB_DATA_DIR to what the server uses.',
        },
      ];
    case 'unreachable':
      return [
        {
          ...stop(`the database does not answer: ${obstacle.problem}`),
          why: 'Nothing is read, told or shown without it.',
          mend: 'Is its server running and reachable from here, and are name, password and sslmode in DATABASE_URL right? Try psql with the same address.',
        },
      ];
    case 'old_server':
      return [
        {
          ...stop(`the database server is PostgreSQL ${obstacle.version}`),
          why: 'ArbHub needs PostgreSQL 15 or later.',
          mend: 'Upgrade the server, or point DATABASE_URL to another one.',
        },
      ];
    case 'behind':
      return [
        {
          ...stop(`the database lacks migrations: ${obstacle.missing.join(', ')}`),
          why: 'This release expects them.',
          mend: 'npm start and arbhub worker apply them; for Vercel run supabase db push, or any command of this tool but doctor.',
        },
      ];
    case 'ahead':
      return [
        {
          ...stop(`the database was used by a newer ArbHub (${obstacle.newer.join(', ')})`),
          why: 'An older release would not understand what the newer one has written.',
          mend: 'Start the newer release.',
        },
      ];
  }
}
