import { expect, test } from 'vitest';
import { invitationWords, resetWords } from './letter-words.ts';

const link = 'https://arbhub.example/invite/abc';
const dayMs = 86_400_000;

test('an invitation says who invites, as what, where and how long', () => {
  const given = { link, role: 'analyst', invitedBy: 'boss@agency.example', lifeMs: 7 * dayMs } as const;
  const { text } = invitationWords(given);
  expect(text).toContain('boss@agency.example invites you to ArbHub as analyst');
  expect(text.split('\n')).toContain(link);
  expect(text).toContain('once, for 7 days');
  expect(invitationWords({ ...given, invitedBy: 'operator' }).text).toMatch(/^Your team invites you/);
});

test('a reset says what happens, and that doing nothing is safe', () => {
  const { text } = resetWords({ link, lifeMs: dayMs / 24 });
  expect(text.split('\n')).toContain(link);
  expect(text).toContain('once, for 1 hour');
  expect(text).toContain('do nothing');
});
