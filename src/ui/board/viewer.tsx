import type { Role } from '../../domain/permissions.ts';
import { Icon } from '../kit/icon.tsx';
import { ThemeSwitch } from '../kit/theme-switch.tsx';

/** Who is signed in. */
interface Viewer {
  email: string;
  role: Role;
}

export interface ViewerProps {
  viewer: Viewer;
  signOut: () => void | Promise<void>;
}

/** Who is signed in, the way to his own settings, the theme and the way out: at the foot of the rail, on a phone in the menu. */
export function ViewerFoot({ viewer, signOut }: ViewerProps) {
  return (
    <div className="viewer">
      <p className="viewer__who label" title={viewer.email}>
        {viewer.email}
        <span className="muted">{viewer.role}</span>
      </p>
      <a className="btn" href="/me" aria-label="Your settings">
        <Icon name="person" />
        <span className="label">Your settings</span>
      </a>
      <ThemeSwitch />
      <form action={signOut}>
        <button className="btn" aria-label="Sign out">
          <Icon name="leave" />
          <span className="label">Sign out</span>
        </button>
      </form>
    </div>
  );
}

/** The same on a phone, with words. */
export function ViewerMenu({ viewer, signOut }: ViewerProps) {
  return (
    <details className="menu phone-only">
      <summary className="btn btn--icon" aria-label="Menu">
        <Icon name="more" />
      </summary>
      <div className="menu__body panel">
        <p className="viewer__who">
          {viewer.email}
          <span className="muted">{viewer.role}</span>
        </p>
        <div className="btns">
          {viewer.role === 'admin' && (
            <a className="btn" href="/admin">
              <Icon name="admin" />
              Admin
            </a>
          )}
          <a className="btn" href="/me">
            <Icon name="person" />
            Your settings
          </a>
          <ThemeSwitch />
          <form action={signOut}>
            <button className="btn">
              <Icon name="leave" />
              Sign out
            </button>
          </form>
        </div>
      </div>
    </details>
  );
}
