import { type Role, roleWords } from './permissions.ts';

/** The words of the letters that let people in. */

/** `7 days`, `1 hour`: how long a link works. */
function lifeWords(ms: number): string {
  const hours = Math.round(ms / 3_600_000);
  const [count, unit] = hours >= 48 ? [Math.round(hours / 24), 'day'] : [hours, 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

interface Words {
  subject: string;
  text: string;
}

export function invitationWords(given: {
  link: string;
  role: Role;
  invitedBy: string;
  lifeMs: number;
}): Words {
  const { link, role, invitedBy, lifeMs } = given;
  const who = invitedBy === 'operator' ? 'Your team invites' : `${invitedBy} invites`;
  return {
    subject: 'You are invited to ArbHub',
    text: [
      `${who} you to ArbHub as ${role} (${roleWords[role]}).`,
      '',
      'Choose a password here:',
      link,
      '',
      `The link works once, for ${lifeWords(lifeMs)}. If you do not know what this is about, do nothing.`,
    ].join('\n'),
  };
}

export function resetWords({ link, lifeMs }: { link: string; lifeMs: number }): Words {
  return {
    subject: 'A new password for ArbHub',
    text: [
      'Somebody, perhaps you, asked for a new password for your account at ArbHub. Choose it here:',
      link,
      '',
      `The link works once, for ${lifeWords(lifeMs)}; after that you are signed out everywhere.`,
      'If it was not you, do nothing: your password stays as it is.',
    ].join('\n'),
  };
}
