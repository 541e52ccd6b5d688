export type IconName =
  | 'active'
  | 'admin'
  | 'analytics'
  | 'behind'
  | 'bell'
  | 'board'
  | 'brand'
  | 'check'
  | 'closed'
  | 'closing'
  | 'columns'
  | 'copy'
  | 'cross'
  | 'down'
  | 'early'
  | 'filter'
  | 'leave'
  | 'limit-reached'
  | 'limit-unknown'
  | 'live'
  | 'lost'
  | 'more'
  | 'no-limit'
  | 'offline'
  | 'on-target'
  | 'person'
  | 'search'
  | 'share'
  | 'sim'
  | 'stale'
  | 'stopped'
  | 'suspended'
  | 'table'
  | 'theme'
  | 'under'
  | 'unknown'
  | 'up'
  | 'warning';

/** A drawing of the sprite. It never speaks: the word beside it does. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}
