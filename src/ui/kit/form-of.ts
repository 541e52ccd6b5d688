import type { FormEvent } from 'react';

/** What is typed into a form, which is not sent by the browser: React would empty it whatever the answer. */
export function formOf(event: FormEvent<HTMLFormElement>): FormData {
  event.preventDefault();
  return new FormData(event.currentTarget);
}
