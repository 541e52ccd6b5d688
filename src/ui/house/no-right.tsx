/** What somebody sees who opens a page that his role does not show. */
export function NoRight({ role }: { role: string }) {
  return (
    <main className="empty empty--page">
      <h1>This page is for admins</h1>
      <p>
        You are signed in as {role}. An admin can give you another role under Admin, Members; you then sign in
        again.
      </p>
      <p className="btns">
        <a className="btn btn--primary" href="/dashboard">
          Go to the board
        </a>
      </p>
    </main>
  );
}
