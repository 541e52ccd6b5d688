/** Where a database is and as whom to enter it. */
export interface ConnectionTarget {
  /** A host name, or the directory of a Unix socket when it starts with `/`. */
  host: string;
  port: number;
  database: string;
  user: string;
  password?: string;
  sslMode?: string;
  /** False behind a pooler that gives each transaction another server connection. */
  usePrepared?: boolean;
}

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** Supabase's pooler speaks in transaction mode on this port. */
const transactionPoolerPort = 6543;

/**
 * Reads a `postgres://` address. A Unix socket is written as libpq does it, with the directory in the query:
 * `postgres://user@localhost/name?host=/directory`. The errors never repeat the address, which holds a password.
 */
export function parseTarget(address: string): ConnectionTarget {
  const { url, query, part } = readAddress(address);
  const host = query('host') ?? part(url.hostname).replace(/^\[|\]$/g, '');
  const port = Number(query('port') ?? (url.port || 5432));
  const user = query('user') ?? (part(url.username) || 'postgres');
  const password = query('password') ?? part(url.password);
  const sslMode = query('sslmode');
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw malformed('the port is not a number');
  if (sslMode && !sslModes.includes(sslMode)) {
    throw malformed(`sslmode must be one of ${sslModes.join(', ')}`);
  }
  return {
    host: host || 'localhost',
    port,
    user,
    database: part(url.pathname.slice(1)) || user,
    ...(password ? { password } : {}),
    ...(sslMode ? { sslMode } : {}),
    usePrepared: port !== transactionPoolerPort && query('pgbouncer') !== 'true',
  };
}

/** The address of a target, for handing it to another process. */
export function formatTarget(target: ConnectionTarget): string {
  const secret = target.password ? `:${encodeURIComponent(target.password)}` : '';
  const isSocket = target.host.startsWith('/');
  const place = isSocket ? 'localhost' : `${target.host}:${target.port}`;
  const query = isSocket ? `?host=${encodeURIComponent(target.host)}&port=${target.port}` : '';
  const user = encodeURIComponent(target.user);
  return `postgres://${user}${secret}@${place}/${encodeURIComponent(target.database)}${query}`;
}

/** What the driver wants for `ssl`: unset means encrypted where the server can, except within this machine. */
export function sslOption(
  target: ConnectionTarget,
): boolean | 'allow' | 'prefer' | 'require' | 'verify-full' {
  const isHere = target.host.startsWith('/') || ['localhost', '127.0.0.1', '::1'].includes(target.host);
  switch (target.sslMode) {
    case 'disable':
      return false;
    case 'allow':
    case 'prefer':
    case 'require':
      return target.sslMode;
    case 'verify-ca':
    case 'verify-full':
      return 'verify-full';
    default:
      return isHere ? false : 'prefer';
  }
}

function readAddress(address: string) {
  let url: URL;
  try {
    // Nothing between `@` and `/` is libpq's way to say "this machine"; URL refuses it.
    url = new URL(address.replace(/^(\w+:\/\/[^/?#]*@)(?=\/)/, '$1localhost'));
  } catch {
    throw malformed('it cannot be read; write special characters of the password as %XX');
  }
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) throw malformed('it must start with postgres://');
  const part = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch {
      throw malformed('a % in it must be written as %25');
    }
  };
  return { url, query: (name: string) => url.searchParams.get(name) ?? undefined, part };
}

function malformed(reason: string): Error {
  return new Error(`The database address is not usable: ${reason}.`);
}
