'use client';

export default function ErrorPage({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  return (
    <main className="empty empty--page">
      <h1>This page could not be loaded</h1>
      <p role="alert">
        The server did not answer as it should. Reading the accounts and sending alerts run on their own.
      </p>
      <p className="btns">
        <button type="button" className="btn btn--primary" onClick={retry}>
          Try again
        </button>
      </p>
      {error.digest !== undefined && (
        <p className="muted">
          Error <span className="err-id">{error.digest}</span>, also in the server’s log.
        </p>
      )}
    </main>
  );
}
