import { describe, expect, test } from 'vitest';
import { parseConfig } from './config.ts';
import { jsonLog } from './log.ts';
import { pack } from './styles.ts';

describe('settings', () => {
  test('with nothing set the product runs', () => {
    expect(parseConfig({}, false)).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      dataDir: './data',
      meta: {
        graphUrl: 'https://graph.facebook.com',
        version: 'v26.0',
        token: null,
        appId: null,
        appSecret: null,
      },
      encryptionKeys: { current: null, previous: [] },
      sweepMs: 60_000,
      metricsMs: 300_000,
      slackWebhookUrl: null,
      channels: {
        telegramApiUrl: 'https://api.telegram.org',
        whatsappApiUrl: 'https://graph.facebook.com',
        pagerdutyApiUrl: 'https://events.pagerduty.com',
        smtpUrl: null,
        mailFrom: null,
      },
      cronSecret: null,
      admin: null,
      apiKey: null,
      heartbeatUrl: null,
      s3: null,
    });
    expect(parseConfig({ PORT: '4000' }, false).appUrl.href).toBe('http://localhost:4000/');
    expect(parseConfig({}, true).dataDir).toBe('/var/lib/arbhub');
  });

  test('an empty value counts as not set', () => {
    expect(parseConfig({ PORT: '', CRON_SECRET: '', FB_ACCESS_TOKEN: '' }, false)).toEqual(
      parseConfig({}, false),
    );
  });

  test.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['APP_URL', 'arbhub.example'],
    ['APP_URL', 'ftp://arbhub.example'],
    ['DATABASE_URL', 'mysql://x'],
    ['META_GRAPH_URL', 'graph'],
    ['META_API_VERSION', '26'],
    ['STATUS_SWEEP_SECONDS', '4'],
    ['STATUS_SWEEP_SECONDS', 'often'],
    ['METRICS_CYCLE_SECONDS', '4.5'],
    ['SLACK_WEBHOOK_URL', 'slack'],
    ['TELEGRAM_API_URL', 'telegram'],
    ['WHATSAPP_API_URL', 'ftp://canary'],
    ['PAGERDUTY_API_URL', 'pagerduty'],
    ['SMTP_URL', 'mail.example.com'],
    ['SMTP_URL', 'http://user:canary@mail.example.com'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'a@example.com\r\nBcc: canary@example.com'],
    ['META_APP_ID', 'my-app'],
    ['ENCRYPTION_KEY', 'c2hvcnQ='],
    ['ENCRYPTION_KEY', 'not base64 at all, but 43 characters long!!'],
    ['ENCRYPTION_KEY_PREVIOUS', 'c2hvcnQ=,c2hvcnQ='],
    ['CRON_SECRET', 'only-31-characters-long-secret!'],
    ['ARBHUB_API_KEY', 'short'],
    ['ADMIN_EMAIL', 'nobody'],
    ['HEARTBEAT_URL', 'x'],
    ['ARCHIVE_S3_URL', 'bucket'],
    ['ARCHIVE_S3_URL', 'https://s3.example/'],
    ['ARCHIVE_S3_URL', 'https://key:canary@s3.example/bucket'],
    ['ARCHIVE_S3_URL', 'https://s3.example/bucket?x=1'],
    ['ARCHIVE_S3_REGION', 'Frankfurt am Main'],
    ['NEXT_PUBLIC_SUPABASE_URL', 'project'],
    ['NEXT_PUBLIC_SUPABASE_URL', 'https://canary.supabase.co/rest/v1'],
    ['NEXT_PUBLIC_SUPABASE_URL', 'https://user:canary@project.supabase.co'],
    ['NEXT_PUBLIC_SUPABASE_ANON_KEY', 'sb_secret_canary'],
    ['NEXT_PUBLIC_SUPABASE_ANON_KEY', keyOf('service_role')],
    ['SUPABASE_SERVICE_ROLE_KEY', 'sb_publishable_canary'],
    ['SUPABASE_SERVICE_ROLE_KEY', keyOf('anon')],
  ])('%s=%s is named and not quoted', (name, value) => {
    const message = refusal({ [name]: value });
    expect(message).toContain(name);
    expect(message.replaceAll(name, '')).not.toContain(value.length > 4 ? value : `"${value}"`);
  });

  test.each(['alerts@example.com', 'ArbHub <alerts@example.com>', 'ArbHub of "Example" <alerts@mail>'])(
    'mails may come from %s',
    (mailFrom) => {
      const smtpUrl = 'smtps://user:password@mail.example.com:465';
      const { channels } = parseConfig({ MAIL_FROM: mailFrom, SMTP_URL: smtpUrl }, false);
      expect(channels).toMatchObject({ mailFrom, smtpUrl });
    },
  );

  test('keys are read in both alphabets of base64, previous ones as a list', () => {
    const [one, two] = [Buffer.alloc(32, 0xfb), Buffer.alloc(32, 7)];
    const { encryptionKeys } = parseConfig(
      {
        ENCRYPTION_KEY: one.toString('base64url'),
        ENCRYPTION_KEY_PREVIOUS: `${two.toString('base64')}, ${one.toString('base64')}`,
      },
      false,
    );
    expect(encryptionKeys).toEqual({
      current: new Uint8Array(one),
      previous: [new Uint8Array(two), new Uint8Array(one)],
    });
  });

  test('a bucket is an address with a key and its secret, or none of them', () => {
    const env = {
      ARCHIVE_S3_URL: 'https://s3.example/bucket/prefix/',
      ARCHIVE_S3_ACCESS_KEY_ID: 'id',
      ARCHIVE_S3_SECRET_ACCESS_KEY: 'canary',
    };
    expect(parseConfig(env, false).s3).toEqual({
      url: 'https://s3.example/bucket/prefix',
      accessKeyId: 'id',
      secretAccessKey: 'canary',
      region: 'us-east-1',
    });
    expect(parseConfig({ ...env, ARCHIVE_S3_REGION: 'eu-1' }, false).s3?.region).toBe('eu-1');
    for (const name of Object.keys(env)) {
      const message = refusal({ ...env, [name]: '' });
      expect(message).toContain(`${name} is missing beside`);
      expect(message).not.toContain('canary');
    }
  });

  test.each([
    ['http://127.0.0.1:54321/', keyOf('anon'), keyOf('service_role')],
    ['https://project.supabase.co', 'sb_publishable_x', 'sb_secret_canary'],
  ])('a Supabase project is three settings, or none of them (%s)', (url, anonKey, serviceRoleKey) => {
    const env = {
      NEXT_PUBLIC_SUPABASE_URL: url,
      NEXT_PUBLIC_SUPABASE_ANON_KEY: anonKey,
      SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey,
    };
    expect(parseConfig(env, false).supabase).toEqual({ url: new URL(url).origin, anonKey, serviceRoleKey });
    expect(parseConfig({}, false).supabase).toBeNull();
    for (const name of Object.keys(env)) {
      const others = Object.keys(env).filter((other) => other !== name);
      const message = refusal({ ...env, [name]: '' });
      expect(message).toContain(`${name} is missing beside ${others.join(' and ')}`);
      expect(message).not.toContain(serviceRoleKey);
    }
  });

  test('all that is wrong is said at once', () => {
    const message = refusal({ PORT: 'x', CRON_SECRET: 'x', ADMIN_EMAIL: 'a@b.example' });
    for (const name of ['PORT', 'CRON_SECRET', 'ADMIN_PASSWORD']) expect(message).toContain(name);
  });
});

/** A key as Supabase's older ones look: a token that says its role. */
function keyOf(role: string): string {
  const part = (text: object) => Buffer.from(JSON.stringify(text)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'supabase', role })}.c2lnbmF0dXJl`;
}

function refusal(env: Record<string, string>): string {
  try {
    parseConfig(env, false);
  } catch (error) {
    return String(error);
  }
  throw new Error('these settings were taken');
}

test.each([
  ['EAAGm0PX4ZCpsBAKZC123'],
  ['https://x/?access_token=verysecret1&b=1', 'verysecret1'],
  ['appsecret_proof=901f63f602415db8', '901f63f602415db8'],
  ['debug_token?input_token=verysecret5', 'verysecret5'],
  ['&fb_exchange_token=verysecret6&client_secret=verysecret7', 'verysecret6'],
  ['https://hooks.slack.com/services/T0/B0/verysecret2', 'verysecret2'],
  ['Bearer verysecret3', 'verysecret3'],
  ['postgres://app:verysecret4@host/db', 'verysecret4'],
  ['AKIAIOSFODNN7EXAMPLE'],
  ['AWS4-HMAC-SHA256 Credential=verysecret5/20261124/eu-1/s3/aws4_request, Signature=0a', 'verysecret5'],
  ['AWS4-HMAC-SHA256 Credential=x/s3, SignedHeaders=host, Signature=verysecret6', 'verysecret6'],
  ['https://s3.example/b/k?X-Amz-Signature=verysecret7&x=1', 'verysecret7'],
  ['{"secretAccessKey":"verysecret8"}', 'verysecret8'],
  ['ARCHIVE_S3_SECRET_ACCESS_KEY=verysecret9', 'verysecret9'],
  [keyOf('service_role')],
  [`apikey: ${keyOf('service_role')}`, 'c2lnbmF0dXJl'],
  ['sb_secret_verysecret10', 'verysecret10'],
  ['{"refresh_token":"verysecret11"}', 'verysecret11'],
])('the log takes the secret out of %s', (text, secret = text) => {
  const lines: string[] = [];
  jsonLog((line) => lines.push(line)).warn(`said ${text}`, { nested: { text } });
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain(secret);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40 });
});

test('packed styles mean the same', () => {
  const css =
    '/* why */ .a > .b ,\n .c { width: calc(1px + 2px); content: "{ x }" ; }\n\n@media (min-width: 1px) { .d {} }';
  expect(pack(css)).toBe(
    '.a > .b , .c{width: calc(1px + 2px);content: "{ x }"}@media (min-width: 1px){.d{}}',
  );
});
