import { z } from 'zod';
import { accountParameter } from './parameters.ts';

/** What the team writes about an account. Errors are sentences for the person at the form. */

const noteRule = 'Write a note of 1 to 2000 characters.';
const tagRule = 'A tag has 1 to 30 letters, digits, spaces or hyphens.';

export const noteForm = z.object({
  account: accountParameter('account'),
  words: z
    .string(noteRule)
    .transform((text) => text.replaceAll('\r\n', '\n').trim())
    .pipe(
      z
        .string()
        .min(1, noteRule)
        .max(2000, noteRule)
        .regex(/^[^\p{Cc}]*$|^(?:[^\p{Cc}]|\n|\t)*$/u, 'A note holds letters and line ends only.'),
    ),
});

const tag = z
  .string(tagRule)
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,29}$/u, tagRule);

/** `tags` is a list, or one text with commas between them; the empty text takes all tags away. */
export const tagsForm = z.object({
  account: accountParameter('account'),
  tags: z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((part) => part.trim())
            .filter(Boolean)
        : value,
    z
      .array(tag)
      .max(20, 'An account has 20 tags at most.')
      .transform((all) => [...new Set(all)].sort()),
  ),
});
