import type { VendorRecord } from '../../contract/analytics.ts';
import { fewestDeaths } from '../../domain/rates.ts';
import { percent } from '../kit/figures.ts';
import { AsTable } from './as-table.tsx';
import { LineChart } from './line-chart.tsx';
import { dayCount, plural } from './vendor-words.ts';

const mostLines = 6;

/** How many of each vendor's accounts live how long, as far as enough of them have died to tell. */
export function LifeCurve({ vendors }: { vendors: readonly VendorRecord[] }) {
  const told = vendors.filter(({ lifeDeaths }) => lifeDeaths >= fewestDeaths);
  const shown = told.slice(0, mostLines);
  const silent = vendors.filter(({ lifeDeaths }) => lifeDeaths < fewestDeaths);
  return (
    <section className="panel" aria-labelledby="lives">
      <div className="panel__head">
        <h2 id="lives">How long accounts live</h2>
        <p className="muted">
          share still alive by days under watch; accounts that are alive count as long as they were watched
        </p>
      </div>
      <div className="panel__body">
        {shown.length > 0 && <Curves shown={shown} />}
        {silent.length > 0 && (
          <p className={shown.length > 0 ? 'muted' : undefined}>
            Too few to say of{' '}
            {silent
              .map(
                ({ vendor, lifeDeaths, lives }) =>
                  `${vendor} (${plural(lifeDeaths, 'death', 'deaths')} in ${plural(lives, 'life', 'lives')})`,
              )
              .join(', ')}
            . A curve is drawn from {fewestDeaths} deaths on.
          </p>
        )}
        {told.length > shown.length && (
          <p className="muted">
            Of the vendors with fewer accounts the table below the chart has the figures.
          </p>
        )}
      </div>
    </section>
  );
}

function Curves({ shown }: { shown: readonly VendorRecord[] }) {
  const xs = [
    ...new Set([
      0,
      ...shown.flatMap(({ curve, curveUntil }) => [...curve.map(({ days }) => days), curveUntil]),
    ]),
  ].sort((a, b) => a - b);
  const lines = shown.map(({ vendor, curve, curveUntil }) => ({
    name: vendor,
    values: xs.map((x) => (x > curveUntil ? null : (curve.findLast(({ days }) => days <= x)?.share ?? 1))),
  }));
  const story = shown.map(({ vendor, medianLifeDays, curveUntil }) =>
    medianLifeDays === null
      ? `of ${vendor} more than half are alive after ${dayCount(curveUntil)}`
      : `of ${vendor} half are dead after ${dayCount(medianLifeDays)}`,
  );
  return (
    <div>
      <LineChart
        title="Share still alive"
        story={`Share of accounts still alive by days under watch: ${story.join('; ')}.`}
        xs={xs}
        lines={lines}
        across="life"
        unit={{ of: 'share' }}
        unfinishedFrom={null}
        isStepped
        size="large"
      />
      <AsTable
        caption="Share still alive, by vendor"
        head={['Vendor', 'After', 'Still alive', 'Watched until then', 'Died']}
        rows={shown.flatMap(({ vendor, curve }) =>
          curve.map(({ days, share, atRisk, deaths }) => [
            ...[vendor, dayCount(days), percent(share * 100), plural(atRisk, 'account', 'accounts'), deaths],
          ]),
        )}
      />
    </div>
  );
}
