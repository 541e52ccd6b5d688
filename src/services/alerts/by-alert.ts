/** Rows of many alerts, sorted by the alert that they belong to. */
export function byAlert<Row extends { alertId: number }>(rows: readonly Row[]): (alertId: number) => Row[] {
  const groups = new Map<number, Row[]>();
  for (const row of rows) groups.set(row.alertId, [...(groups.get(row.alertId) ?? []), row]);
  return (alertId) => groups.get(alertId) ?? [];
}
