// Brings a clone to life: installs and builds what is missing or out of date, then becomes the server.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, fail, root } from './prepare.mjs';

const isDev = process.argv.includes('--dev');
if (existsSync('.env')) process.loadEnvFile?.('.env');

ensureInstalled();
if (!isDev) ensureBuilt();
process.env.NODE_ENV = isDev ? 'development' : 'production';
const { register } = await import(
  pathToFileURL(path.join(root, 'node_modules/tsx/dist/esm/api/index.mjs')).href
);
register();
const { main } = await import('../src/server/main.ts');
main({ dev: isDev }).catch((error) => {
  fail(error instanceof Error ? error.message : String(error));
});
