import { z } from 'zod';

/** The settings of the product, parsed once. Nothing else reads the environment. */
export interface Config {
  port: number;
  host: string;
  /** Addresses and networks of reverse proxies on other machines, whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  appUrl: URL;
  /** Postgres 15 or later; null = the embedded database in `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
  meta: {
    graphUrl: string;
    version: string;
    /** Token of the connection "default"; null = the built-in simulated Meta. */
    token: string | null;
    appId: string | null;
    appSecret: string | null;
    /** More requests than this in one minute are not sent to one connection. */
    requestsPerMinute: number;
    /** What Meta says when it asks whether the webhook is ours; null = nobody is answered. */
    webhookVerifyToken: string | null;
  };
  /** When the simulated Meta runs: without any connection, also beside real ones, or never. */
  simulation: 'auto' | 'on' | 'off';
  /** Keys of 32 bytes: the one that seals, and those that can only open. No `current` = it is kept in `dataDir`. */
  encryptionKeys: { current: Uint8Array | null; previous: Uint8Array[] };
  sweepMs: number;
  metricsMs: number;
  slackWebhookUrl: string | null;
  /** Where messages go out: base addresses of the services, and the mail server with the sender of mails. */
  channels: {
    telegramApiUrl: string;
    whatsappApiUrl: string;
    pagerdutyApiUrl: string;
    smtpUrl: string | null;
    mailFrom: string | null;
  };
  cronSecret: string | null;
  admin: { email: string; password: string } | null;
  apiKey: string | null;
  heartbeatUrl: string | null;
  /** Where the daily exchange rates are read; null = nowhere. */
  exchangeRatesUrl: string | null;
  /** The bucket for archived days and backups, `https://endpoint/bucket/prefix`; null = the data directory. */
  s3: { url: string; accessKeyId: string; secretAccessKey: string; region: string } | null;
  /** The Supabase project that signs members in and carries live updates; null = the product does both by itself. */
  supabase: SupabaseSettings | null;
}

/** A Supabase project. The anon key is for browsers, the service key for nobody but this process. */
export interface SupabaseSettings {
  /** Its origin, without a path. */
  url: string;
  anonKey: string;
  serviceRoleKey: string;
}

const address = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });
const seconds = z.coerce
  .number({ error: 'must be a number of seconds' })
  .int('must be a whole number of seconds');

const key = z
  .string()
  .regex(/^[A-Za-z0-9+/_-]{43}=?$/, 'must be 32 bytes in base64')
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

const environment = z.object({
  PORT: z.coerce
    .number({ error: 'must be a port number' })
    .int('must be a port number')
    .min(0, 'must be a port number')
    .max(65535, 'must be a port number')
    .default(3000),
  HOST: z.string().default('127.0.0.1'),
  APP_URL: address.optional(),
  TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(
      z.array(
        z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
          error: 'must be addresses or networks like 172.16.0.0/12',
        }),
      ),
    )
    .optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  ARBHUB_DATA_DIR: z.string().optional(),
  META_GRAPH_URL: address.default('https://graph.facebook.com'),
  META_API_VERSION: z
    .string()
    .regex(/^v[0-9]{1,3}\.[0-9]$/, 'must look like v26.0')
    .default('v26.0'),
  META_APP_ID: z
    .string()
    .regex(/^[0-9]{1,25}$/, 'must have digits only')
    .optional(),
  META_APP_SECRET: z.string().optional(),
  META_REQUESTS_PER_MINUTE: z.coerce
    .number({ error: 'must be a number of requests' })
    .int('must be a whole number of requests')
    .min(10, 'must be at least 10')
    .default(600),
  META_WEBHOOK_VERIFY_TOKEN: z.string().optional(),
  FB_ACCESS_TOKEN: z.string().optional(),
  SIMULATION: z.enum(['auto', 'on', 'off'], { error: 'must be auto, on or off' }).default('auto'),
  STATUS_SWEEP_SECONDS: seconds.min(5, 'must be at least 5').max(3600, 'must be at most 3600').default(60),
  METRICS_CYCLE_SECONDS: seconds
    .min(5, 'must be at least 5')
    .max(86_400, 'must be at most 86400')
    .default(300),
  SLACK_WEBHOOK_URL: address.optional(),
  TELEGRAM_API_URL: address.default('https://api.telegram.org'),
  WHATSAPP_API_URL: address.default('https://graph.facebook.com'),
  PAGERDUTY_API_URL: address.default('https://events.pagerduty.com'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must look like smtp://user:password@host:port or smtps://…' })
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^([^\r\n<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
      'must be an e-mail address or Name <address>',
    )
    .optional(),
  CRON_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  ENCRYPTION_KEY: key.optional(),
  ENCRYPTION_KEY_PREVIOUS: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(key))
    .optional(),
  ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
  ADMIN_PASSWORD: z.string().optional(),
  ARBHUB_API_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  HEARTBEAT_URL: address.optional(),
  EXCHANGE_RATES_URL: z
    .union([z.literal('none'), address], { error: 'must be an http or https address, or none' })
    .default('https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml'),
  ARCHIVE_S3_URL: address
    .refine((text) => {
      if (!URL.canParse(text)) return true;
      const { pathname, search, hash, username, password } = new URL(text);
      return /^\/[^/]/.test(pathname) && search + hash + username + password === '';
    }, 'must be https://endpoint/bucket or https://endpoint/bucket/prefix and nothing more')
    .optional(),
  ARCHIVE_S3_ACCESS_KEY_ID: z.string().optional(),
  ARCHIVE_S3_SECRET_ACCESS_KEY: z.string().optional(),
  ARCHIVE_S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must look like eu-central-1')
    .default('us-east-1'),
  NEXT_PUBLIC_SUPABASE_URL: address
    .refine(
      (text) => !URL.canParse(text) || new URL(text).href.replace(/\/$/, '') === new URL(text).origin,
      'must be https://project.supabase.co and nothing more',
    )
    .optional(),
  NEXT_PUBLIC_SUPABASE_ANON_KEY: z
    .string()
    // Every browser gets it: a mix-up must never come that far.
    .refine(
      (text) => roleOfKey(text) !== 'service_role',
      'must be the anon or publishable key, not the secret one',
    )
    .optional(),
  SUPABASE_SERVICE_ROLE_KEY: z
    .string()
    .refine((text) => roleOfKey(text) !== 'anon', 'must be the service_role or secret key')
    .optional(),
});

/** Whose key this is, as far as it says so: the newer ones by their first letters, the older ones inside. */
function roleOfKey(text: string): unknown {
  if (text.startsWith('sb_secret_')) return 'service_role';
  if (text.startsWith('sb_publishable_')) return 'anon';
  try {
    const claims: unknown = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
    return (claims as { role?: unknown } | null)?.role;
  } catch {
    return undefined;
  }
}

/** What is missing of settings that only make sense together. */
function missingBeside(given: object, names: readonly string[]): string[] {
  const there = names.filter((name) => name in given);
  if (there.length === 0) return [];
  return names
    .filter((name) => !there.includes(name))
    .map((name) => `${name} is missing beside ${there.join(' and ')}`);
}

/** Parses settings; throws one error that names every wrong one and never quotes a value. An empty value counts as not set. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>, isRoot: boolean): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(given);
  const wrong = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  if ('ADMIN_EMAIL' in given !== 'ADMIN_PASSWORD' in given)
    wrong.push(
      'ADMIN_EMAIL' in given
        ? 'ADMIN_PASSWORD is missing beside ADMIN_EMAIL'
        : 'ADMIN_EMAIL is missing beside ADMIN_PASSWORD',
    );
  wrong.push(
    ...missingBeside(given, ['ARCHIVE_S3_URL', 'ARCHIVE_S3_ACCESS_KEY_ID', 'ARCHIVE_S3_SECRET_ACCESS_KEY']),
    ...missingBeside(given, [
      'NEXT_PUBLIC_SUPABASE_URL',
      'NEXT_PUBLIC_SUPABASE_ANON_KEY',
      'SUPABASE_SERVICE_ROLE_KEY',
    ]),
  );
  if (!parsed.success || wrong.length > 0)
    throw new Error(`Wrong settings:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
  const e = parsed.data;
  return {
    port: e.PORT,
    host: e.HOST,
    trustedProxies: e.TRUSTED_PROXIES ?? [],
    appUrl: new URL(e.APP_URL ?? `http://localhost:${e.PORT}`),
    databaseUrl: e.DATABASE_URL ?? null,
    dataDir: e.ARBHUB_DATA_DIR ?? (isRoot ? '/var/lib/arbhub' : './data'),
    meta: {
      graphUrl: e.META_GRAPH_URL,
      version: e.META_API_VERSION,
      token: e.FB_ACCESS_TOKEN ?? null,
      appId: e.META_APP_ID ?? null,
      appSecret: e.META_APP_SECRET ?? null,
      requestsPerMinute: e.META_REQUESTS_PER_MINUTE,
      webhookVerifyToken: e.META_WEBHOOK_VERIFY_TOKEN ?? null,
    },
    simulation: e.SIMULATION,
    encryptionKeys: { current: e.ENCRYPTION_KEY ?? null, previous: e.ENCRYPTION_KEY_PREVIOUS ?? [] },
    sweepMs: e.STATUS_SWEEP_SECONDS * 1000,
    metricsMs: e.METRICS_CYCLE_SECONDS * 1000,
    slackWebhookUrl: e.SLACK_WEBHOOK_URL ?? null,
    channels: {
      telegramApiUrl: e.TELEGRAM_API_URL,
      whatsappApiUrl: e.WHATSAPP_API_URL,
      pagerdutyApiUrl: e.PAGERDUTY_API_URL,
      smtpUrl: e.SMTP_URL ?? null,
      mailFrom: e.MAIL_FROM ?? null,
    },
    cronSecret: e.CRON_SECRET ?? null,
    admin: e.ADMIN_EMAIL && e.ADMIN_PASSWORD ? { email: e.ADMIN_EMAIL, password: e.ADMIN_PASSWORD } : null,
    apiKey: e.ARBHUB_API_KEY ?? null,
    heartbeatUrl: e.HEARTBEAT_URL ?? null,
    exchangeRatesUrl: e.EXCHANGE_RATES_URL === 'none' ? null : e.EXCHANGE_RATES_URL,
    s3:
      e.ARCHIVE_S3_URL && e.ARCHIVE_S3_ACCESS_KEY_ID && e.ARCHIVE_S3_SECRET_ACCESS_KEY
        ? {
            url: e.ARCHIVE_S3_URL.replace(/\/+$/, ''),
            accessKeyId: e.ARCHIVE_S3_ACCESS_KEY_ID,
            secretAccessKey: e.ARCHIVE_S3_SECRET_ACCESS_KEY,
            region: e.ARCHIVE_S3_REGION,
          }
        : null,
    supabase:
      e.NEXT_PUBLIC_SUPABASE_URL && e.NEXT_PUBLIC_SUPABASE_ANON_KEY && e.SUPABASE_SERVICE_ROLE_KEY
        ? {
            url: new URL(e.NEXT_PUBLIC_SUPABASE_URL).origin,
            anonKey: e.NEXT_PUBLIC_SUPABASE_ANON_KEY,
            serviceRoleKey: e.SUPABASE_SERVICE_ROLE_KEY,
          }
        : null,
  };
}

/** Whether this is `npm run dev`. The compiler puts a word in the place of NODE_ENV. */
export const isDevelopment = process.env.NODE_ENV === 'development';

/** Whether npm has started this process, as a script of `package.json`. */
export const isUnderNpm = process.env['npm_lifecycle_event'] !== undefined;

/** The settings of this process. */
export function readConfig(): Config {
  return parseConfig(process.env, process.getuid?.() === 0);
}
