import { expect, test } from 'vitest';
import { jsonLog } from './log.ts';

function lineOf(event: string, fields: Record<string, unknown> = {}): string {
  const lines: string[] = [];
  jsonLog((line) => lines.push(line)).warn(event, fields);
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

test('a line is JSON with its moment in UTC, and stays one line whatever stands in it', () => {
  const hostile = 'a\nb\r\n{"level":60,"msg":"forged"}\u2028\u0000\u001b[31m';
  const line = lineOf(`event ${hostile}`, { field: hostile, 'na\nme': 1 });
  expect(line.trimEnd()).not.toMatch(/[\r\n\u0000\u001b]/);
  const { time, msg, field, level } = JSON.parse(line) as Record<string, unknown>;
  expect([level, msg, field]).toEqual([40, `event ${hostile}`, hostile]);
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test.each([
  'EAAGm0PX4ZCpsBAKZCSECRET',
  'https://graph.facebook.com/me?access_token=SECRET-1&limit=1',
  'https://graph.facebook.com/me?fields=id&appsecret_proof=SECRET2',
  'https://hooks.slack.com/services/T0/B0/SECRET',
  'https://arbhub.example.com/alerts/act/SECRET_4-a',
  'Authorization: Bearer SECRET.token/with+signs=',
  'AWS4-HMAC-SHA256 Credential=SECRET/2026/x, Signature=SECRET',
  'AKIASECRETSECRET1234',
  '"secretAccessKey":"SECRET"',
  'postgres://arbhub:SECRET@db.example.com/arbhub',
])('%j loses its secret, in the event, in a field and within an error', (text) => {
  const error = new Error(`failed at ${text}`);
  for (const line of [
    lineOf(text),
    lineOf('event', { text }),
    lineOf('event', { error: error.stack, deep: { text } }),
  ])
    expect(line).not.toContain('SECRET');
});
