export default function NoSuchAccount() {
  return (
    <main className="empty empty--page">
      <h1>There is no such account</h1>
      <p>
        ArbHub has never seen an account of this id. Ids look like{' '}
        <span className="err-id">act_1234567890</span>; accounts that were archived keep their page.
      </p>
      <p className="btns">
        <a className="btn btn--primary" href="/dashboard">
          Back to the board
        </a>
      </p>
    </main>
  );
}
