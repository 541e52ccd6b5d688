const batchSize = 50;

/** The least that any client must do: send the batches, so many at once, and parse what comes back. Answers the time in ms. */
export async function plainFetch(url: string, accounts: number, atOnce: number): Promise<number> {
  const batches = Array.from({ length: Math.ceil(accounts / batchSize) }, (_, b) =>
    JSON.stringify(
      Array.from({ length: Math.min(batchSize, accounts - b * batchSize) }, (_, i) => ({
        method: 'GET',
        relative_url: `v26.0/act_${1_000_000_001 + b * batchSize + i}/insights?level=account&date_preset=today&fields=spend`,
      })),
    ),
  );
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        const response = await fetch(`${url}/v26.0/`, {
          method: 'POST',
          body: new URLSearchParams({ batch }),
        });
        for (const item of (await response.json()) as { body: string }[]) JSON.parse(item.body);
      }
    }),
  );
  return performance.now() - startedAt;
}
