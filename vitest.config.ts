import { defineConfig } from 'vitest/config';

/** Three rooms of tests, fastest first; `npm test` runs them in this order. */
export default defineConfig({
  resolve: { conditions: ['react-server'] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          testTimeout: 30_000,
          include: ['{src,simulator}/**/*.test.ts', 'tests/house/**/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['src/**/*.db.test.ts', 'tests/{flows,security}/**/*.test.ts'],
          globalSetup: ['tests/database-server.ts'],
          // They wait for databases and clocks more than they compute; the default leaves one of two cores idle.
          maxWorkers: 2,
          // Some start many processes; where the machine is shared, what was only too slow gets a second chance.
          retry: process.env['CI'] === 'true' ? 1 : 0,
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          expect: { poll: { timeout: 10_000 } },
          include: ['tests/browser/**/*.test.ts'],
          // Each file starts a product of its own, and waits for it more than it computes.
          maxWorkers: 2,
          retry: process.env['CI'] === 'true' ? 1 : 0,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
