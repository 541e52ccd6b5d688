/** What went wrong between us and Supabase Auth, without anything that was sent. */
export function failure(error: {
  code?: string | undefined;
  message: string;
  status?: number | undefined;
}): Error {
  const { code, status, message } = error;
  return new Error(`Supabase Auth: ${code ?? status ?? 'no answer'} ${message}`);
}
