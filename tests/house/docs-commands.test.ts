import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { knownCommands, root, tellArbhub, tellCommands } from '../docs-commands.ts';

/** Every command in README and docs is one that there is, with options that it has; what can be run is run in tests/flows. */

const scripts = Object.keys(
  (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts,
);
const told = tellArbhub();

test('there is much to check', () => {
  expect(told.length).toBeGreaterThan(40);
});

test('each command of the tool exists', () => {
  expect(told.filter(({ name, text }) => name === null && !text.includes('--help'))).toEqual([]);
});

test('each option is one of its command', () => {
  const wrong = told.flatMap(({ file, text, name, options }) =>
    Object.keys(options)
      .filter((option) => !['json', 'help'].includes(option))
      .filter((option) => name !== null && !knownCommands[name]!.usage.includes(`--${option}`))
      .map((option) => `${file}: ${text} has no --${option}`),
  );
  expect(wrong).toEqual([]);
});

test('each script of npm exists', () => {
  const named = tellCommands().flatMap(({ file, text }) =>
    [...text.matchAll(/\bnpm (?:run (?:-s )?)?([a-z][\w:-]*)/g)].map(([, script = '']) => ({ file, script })),
  );
  expect(named.length).toBeGreaterThan(40);
  const npmOwn = ['ci', 'i', 'run', 'install'];
  expect(named.filter(({ script }) => ![...scripts, ...npmOwn].includes(script))).toEqual([]);
});

test('each file that a command names is there', () => {
  const named = tellCommands().flatMap(({ file, text }) =>
    [...text.matchAll(/(?:^|[\s'"(/])((?:deploy|scripts|src|tests|simulator)\/[\w./@-]+\.\w+)/g)].map(
      ([, name = '']) => `${file}: ${name}`,
    ),
  );
  const missing = named.filter((line) => {
    const [, name = ''] = line.split(': ');
    return !name.includes('*') && !existsSync(path.join(root, name));
  });
  expect(missing).toEqual([]);
});

test('each link between the pages leads somewhere', () => {
  const pages = [
    'README.md',
    ...readdirSync(path.join(root, 'docs'))
      .filter((file) => file.endsWith('.md'))
      .map((file) => `docs/${file}`),
  ];
  const broken = pages.flatMap((page) =>
    [...readFileSync(path.join(root, page), 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, to = '']) => to)
      .filter((to) => !/^[a-z]+:/.test(to) && !existsSync(path.join(root, path.dirname(page), to)))
      .map((to) => `${page}: ${to}`),
  );
  expect(broken).toEqual([]);
});

test('each setting that the pages about running it name is one', () => {
  const known =
    readFileSync(path.join(root, '.env.example'), 'utf8') +
    readFileSync(path.join(root, 'src/server/config.ts'), 'utf8');
  const text = [
    'getting-started',
    'run-one-process',
    'run-vercel-supabase',
    'run-workers',
    'connecting-meta',
    'troubleshooting',
    'operating',
  ]
    .map((page) => readFileSync(path.join(root, `docs/${page}.md`), 'utf8'))
    .join('\n');
  const named = new Set([...text.matchAll(/\b([A-Z]+(?:_[A-Z0-9]+)+)\b/g)].map(([, name = '']) => name));
  expect(named.size).toBeGreaterThan(10);
  const others = ['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD', 'SYSTEM_USER'];
  expect([...named].filter((name) => !known.includes(name) && !others.includes(name))).toEqual([]);
});
