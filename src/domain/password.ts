/** What a password must be. Any characters are welcome; no rule asks for a mixture of them. */

const passwordLeastCharacters = 12;
/** bcrypt looks at 72 bytes only; more is refused, because cutting would make two passwords the same. */
export const passwordMostBytes = 72;

export type PasswordFault = 'too_short' | 'too_long' | 'too_common';

/** What is wrong with a new password, or null. `email` is whose it will be. */
export function findPasswordFault(password: string, email: string): PasswordFault | null {
  if ([...password].length < passwordLeastCharacters) return 'too_short';
  if (utf8Bytes(password) > passwordMostBytes) return 'too_long';
  return isCommon(password, email) ? 'too_common' : null;
}

/** The fault in words, for the person at the form. */
export function describePasswordFault(fault: PasswordFault): string {
  switch (fault) {
    case 'too_short':
      return `The password needs at least ${passwordLeastCharacters} characters.`;
    case 'too_long':
      return `The password is longer than ${passwordMostBytes} bytes. Choose a shorter one.`;
    case 'too_common':
      return 'The password is easy to guess: it is made of common words, rows of keys, repetitions or the email.';
  }
}

/** Length of the text in UTF-8; a lone surrogate counts as the replacement character that stands for it. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

const commonWords = [
  'password passwort passwd pass letmein welcome login signin admin administrator root master secret changeme default',
  'iloveyou ilove monkey dragon football baseball superman batman princess sunshine shadow michael jordan hunter',
  'trustno trustme whatever starwars pokemon computer internet samsung google apple summer winter spring autumn',
  'hello god love money qwerty qwertz azerty abc',
  'arbhub arb hub facebook meta ads adaccount account monitor monitoring arbitrage vendor dashboard business manager',
]
  .join(' ')
  .split(' ');

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '012345678901234567890',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '!@#$%^&*()',
];

const lookalikes: Record<string, string> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/** Characters that must be left once everything guessable is taken away. */
const leastUnguessed = 4;

function isCommon(password: string, email: string): boolean {
  const lower = password.toLowerCase();
  const words = [...commonWords, ...email.toLowerCase().split(/[^\p{L}\p{N}]+/u), email.toLowerCase()]
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length);
  // Runs go first where digits stand for letters: unmasked, 2025 would no longer look like a year.
  const withoutTail = withoutRuns(lower);
  const spellings = [lower, unmask(withoutTail, 'i'), unmask(withoutTail, 'l')];
  return isRepetition(lower) || spellings.some((spelling) => unguessed(spelling, words) < leastUnguessed);
}

/** Undoes `p4$$w0rd`. A 1 may stand for either of two letters. */
function unmask(text: string, one: string): string {
  return [...text].map((c) => (c === '1' || c === '!' ? one : (lookalikes[c] ?? c))).join('');
}

/** One short piece again and again, or hardly any different characters. */
function isRepetition(text: string): boolean {
  return new Set(text).size <= 3 || /^(.{1,6})\1+.{0,5}$/su.test(text);
}

function unguessed(text: string, words: readonly string[]): number {
  let rest = text;
  for (const word of words) rest = rest.replaceAll(word, ' ');
  return [...withoutRuns(rest)].filter((c) => /[^\s!-/:-@[-`{-~]/u.test(c)).length;
}

/** Blanks runs of three or more: neighbours on a keyboard or in the alphabet, either way, one character repeated, years. */
function withoutRuns(text: string): string {
  const isRun = (piece: string) =>
    new Set(piece).size === 1 ||
    rows.some((row) => row.includes(piece) || row.includes([...piece].reverse().join('')));
  const characters = [...text.replace(/(19|20)\d\d/g, ' ')];
  let kept = '';
  for (let at = 0; at < characters.length;) {
    let length = 3;
    while (at + length <= characters.length && isRun(characters.slice(at, at + length).join(''))) length += 1;
    if (length > 3) {
      kept += ' ';
      at += length - 1;
    } else {
      kept += characters[at];
      at += 1;
    }
  }
  return kept;
}
