import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** docs/security/asvs.md: every requirement once, no cell empty, and tests that exist. */

const root = path.resolve(import.meta.dirname, '../..');

/** The requirements of levels 1 and 2 of ASVS 5.0.0, and the five of level 3, by section. */
const sections: Record<string, string> = {
  '1.1': '1 2',
  '1.2': '1 2 3 4 5 6 7 8 9 10',
  '1.3': '1 2 3 4 5 6 7 8 9 10 11',
  '1.4': '1 2 3',
  '1.5': '1 2',
  '2.1': '1 2 3',
  '2.2': '1 2 3',
  '2.3': '1 2 3 4',
  '2.4': '1',
  '3.2': '1 2',
  '3.3': '1 2 3 4',
  '3.4': '1 2 3 4 5 6',
  '3.5': '1 2 3 4 5',
  '3.7': '1 2',
  '4.1': '1 2 3',
  '4.2': '1',
  '4.3': '1 2',
  '4.4': '1 2 3 4',
  '5.1': '1',
  '5.2': '1 2 3',
  '5.3': '1 2',
  '5.4': '1 2 3',
  '6.1': '1 2 3',
  '6.2': '1 2 3 4 5 6 7 8 9 10 11 12',
  '6.3': '1 2 3 4',
  '6.4': '1 2 3 4',
  '6.5': '1 2 3 4 5',
  '6.6': '1 2 3',
  '6.8': '1 2 3 4',
  '7.1': '1 2 3',
  '7.2': '1 2 3 4',
  '7.3': '1 2',
  '7.4': '1 2 3 4 5',
  '7.5': '1 2',
  '7.6': '1 2',
  '8.1': '1 2',
  '8.2': '1 2 3',
  '8.3': '1 2',
  '8.4': '1',
  '9.1': '1 2 3',
  '9.2': '1 2 3 4',
  '10.1': '1 2',
  '10.2': '1 2',
  '10.3': '1 2 3 4',
  '10.4': '1 2 3 4 5 6 7 8 9 10 11',
  '10.5': '1 2 3 4 5',
  '10.6': '1 2',
  '10.7': '1 2 3',
  '11.1': '1 2',
  '11.2': '1 2 3 4',
  '11.3': '1 2 3',
  '11.4': '1 2 3 4',
  '11.5': '1',
  '11.6': '1',
  '12.1': '1 2 3',
  '12.2': '1 2',
  '12.3': '1 2 3 4',
  '13.1': '1',
  '13.2': '1 2 3 4 5',
  '13.3': '1 2 4',
  '13.4': '1 2 3 4 5',
  '14.1': '1 2',
  '14.2': '1 2 3 4',
  '14.3': '1 2 3',
  '15.1': '1 2 3',
  '15.2': '1 2 3',
  '15.3': '1 2 3 4 5 6 7',
  '15.4': '2',
  '16.1': '1',
  '16.2': '1 2 3 4 5',
  '16.3': '1 2 3 4',
  '16.4': '1 2 3',
  '16.5': '1 2 3',
  '17.1': '1',
  '17.2': '1 2 3 4',
  '17.3': '1 2',
};
const wanted = Object.entries(sections).flatMap(([section, numbers]) =>
  numbers.split(' ').map((number) => `${section}.${number}`),
);

const rows = readFileSync(path.join(root, 'docs/security/asvs.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
  .map(([id = '', level = '', asked = '', standing = '', how = '', tests = '', ...more]) => ({
    ...{ id, level, asked, standing, how, tests, more },
    files: [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
  }));

test('each requirement stands there once, in the order of the standard', () => {
  expect(wanted).toHaveLength(258);
  expect(rows.map(({ id }) => id)).toEqual(wanted);
});

test.each(rows)('$id is told whole', ({ level, asked, standing, how, tests, more, files }) => {
  expect(more).toEqual([]);
  expect(['1', '2', '3']).toContain(level);
  expect(['met', 'partly', 'not met', 'n/a']).toContain(standing);
  expect(asked.length).toBeGreaterThan(2);
  expect(how.length).toBeGreaterThan(2);
  expect(tests).toBe(files.length === 0 ? 'none' : files.map((file) => `\`${file}\``).join(', '));
});

test('the five of level 3 are there, and they alone', () => {
  const highest = rows.filter(({ level }) => level === '3').map(({ id }) => id);
  expect(highest).toEqual(['1.2.10', '8.3.2', '11.2.4', '13.3.4', '15.4.2']);
});

test('each named test exists', () => {
  const files = [...new Set(rows.flatMap((row) => row.files))];
  expect(files.filter((file) => !/\.test\.tsx?$/.test(file))).toEqual([]);
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test('at least 130 have an automated test that is there today', () => {
  const tested = rows.filter(({ files }) => files.some((file) => existsSync(path.join(root, file))));
  expect(tested.length).toBeGreaterThanOrEqual(130);
  const applying = tested.filter(({ standing }) => standing === 'met' || standing === 'partly');
  expect(applying.length).toBeGreaterThanOrEqual(130);
});
