import type { Role } from '../../domain/permissions.ts';
import type { IconName } from '../kit/icon.tsx';
import { Icon } from '../kit/icon.tsx';

/** Where one can go in the house. */
export type Place = 'board' | 'table' | 'alerts' | 'analytics' | 'admin' | 'me';

interface NavProps {
  here: Place;
  /** Alerts that nobody has acknowledged. */
  openAlerts: number;
}

const places: readonly { place: Place; href: string; words: string; icon: IconName }[] = [
  { place: 'board', href: '/dashboard?view=cards', words: 'Board', icon: 'board' },
  { place: 'table', href: '/dashboard?view=table', words: 'Table', icon: 'table' },
  { place: 'alerts', href: '/alerts', words: 'Alerts', icon: 'bell' },
  { place: 'analytics', href: '/analytics', words: 'Analytics', icon: 'analytics' },
];

const adminPlace = { place: 'admin', href: '/admin', words: 'Admin', icon: 'admin' } as const;

/** The ways through the house on a desk, in the rail. */
export function HouseLinks({ here, openAlerts, role }: NavProps & { role: Role }) {
  return (
    <ul>
      {[...places, ...(role === 'admin' ? [adminPlace] : [])].map(({ place, href, words, icon }) => (
        <li key={place}>
          <a
            className="navlink"
            href={href}
            title={place === 'alerts' && openAlerts > 0 ? `Alerts, ${openAlerts} open` : words}
            aria-current={here === place ? 'page' : undefined}
          >
            <Icon name={icon} />
            <span className="label">{words}</span>
            {place === 'alerts' && openAlerts > 0 && (
              <span className="navlink__count count-burns">
                {openAlerts}
                <span className="label"> open</span>
              </span>
            )}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The same on a phone, at the lower edge, where the thumb is. */
export function BottomNav({ here, openAlerts }: NavProps) {
  return (
    <nav className="bottomnav phone-only" aria-label="Main, phone">
      {places.map(({ place, href, words, icon }) => (
        <a key={place} href={href} aria-current={here === place ? 'page' : undefined}>
          <Icon name={icon} />
          {words}
          {place === 'alerts' && openAlerts > 0 && (
            <span className="badge">
              {openAlerts}
              <span className="vh"> open</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
