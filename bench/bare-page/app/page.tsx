export const dynamic = 'force-dynamic';

const accounts = Array.from({ length: 100 }, (_, n) => ({
  id: `act_${1_000_000_001 + n}`,
  vendor: `Agency ${n % 7}`,
  spend: (((n * 371) % 25_000) / 100).toFixed(2),
  percent: (((n * 371) % 25_000) / 250).toFixed(1),
  clicks: (n * 77) % 5000,
  due: (((n * 911) % 300_000) / 100).toFixed(2),
}));

/** The least that a board of 100 accounts can be: static cards from the server, nothing live, nothing to press. */
export default function Page() {
  return (
    <main>
      {accounts.map(({ id, vendor, spend, percent, clicks, due }) => (
        <article key={id}>
          <h2>
            <button>{id}</button>
            <span>{vendor}</span>
          </h2>
          <div>
            Daily spend: ${spend} / $250.00 ({percent}%)
          </div>
          <div className="bar">
            <i style={{ width: `${percent}%` }} />
          </div>
          <div>
            Clicks {clicks} · Due ${due}
          </div>
          <div>ACTIVE · Updated 2 min ago</div>
        </article>
      ))}
    </main>
  );
}
