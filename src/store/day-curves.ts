import { averageCurve, curveDays, deriveDayCurve, type DayCurve } from '../domain/day-curve.ts';
import type { Sql } from '../ports/sql.ts';

/** Works out anew how these accounts, and then their vendors' accounts, spend their day: from the hours of days that are over. */
export async function refreshDayCurves(sql: Sql, accountNos: readonly number[]): Promise<void> {
  if (accountNos.length === 0) return;
  const rows = await sql<{ no: number; hours: number[] }>`
    select p.account_no as no, array(
      select coalesce(sum(h.spend_minor), 0)::int8 from generate_series(0, 23) as g (hour)
      left join account_hours h on h.account_no = p.account_no and h.hour = g.hour
        and h.day between greatest(p.hours_from, p.hours_to - ${curveDays.most - 1}::int) and p.hours_to
      group by g.hour order by g.hour) as hours
    from particulars p
    where p.account_no = any (${accountNos}::int[]) and p.hours_to - p.hours_from >= ${curveDays.least - 1}::int
    order by p.account_no`;
  const curves = rows.flatMap(({ no, hours }) => {
    const curve = deriveDayCurve(hours);
    return curve === null ? [] : [{ no, curve }];
  });
  await write(sql, 'particulars', curves);
  const vendors = await sql<{ no: number; curves: string[] }>`
    select a.vendor_id as no, array_agg(array_to_string(p.day_curve, ',') order by a.no) as curves
    from accounts a join particulars p on p.account_no = a.no
    where p.day_curve is not null
      and a.vendor_id in (select vendor_id from accounts where no = any (${curves.map(({ no }) => no)}::int[]))
    group by a.vendor_id order by a.vendor_id`;
  await write(
    sql,
    'vendors',
    vendors.flatMap(({ no, curves: own }) => {
      const curve = averageCurve(own.map((text) => text.split(',').map(Number)));
      return curve === null ? [] : [{ no, curve }];
    }),
  );
}

async function write(
  sql: Sql,
  table: 'particulars' | 'vendors',
  curves: readonly { no: number; curve: DayCurve }[],
): Promise<void> {
  if (curves.length === 0) return;
  const nos = curves.map(({ no }) => no);
  const texts = curves.map(({ curve }) => `{${curve.join(',')}}`);
  if (table === 'particulars')
    await sql`
      update particulars p set day_curve = u.curve::int2[]
      from unnest(${nos}::int[], ${texts}::text[]) as u (no, curve) where p.account_no = u.no`;
  else
    await sql`
      update vendors v set day_curve = u.curve::int2[]
      from unnest(${nos}::int[], ${texts}::text[]) as u (no, curve) where v.id = u.no`;
}
