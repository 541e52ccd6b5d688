export default function NotFound() {
  return (
    <main className="empty empty--page">
      <h1>There is no such page</h1>
      <p>The address is wrong, or what it showed has been removed.</p>
      <p className="btns">
        <a className="btn btn--primary" href="/dashboard">
          Back to the board
        </a>
      </p>
    </main>
  );
}
