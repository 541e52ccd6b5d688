'use client';

import { Icon } from './icon.tsx';

const yearSeconds = 31_536_000;

function switchTheme() {
  const root = document.documentElement;
  const isDark =
    root.dataset['theme'] === 'dark' ||
    (root.dataset['theme'] !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const theme = isDark ? 'light' : 'dark';
  root.dataset['theme'] = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${yearSeconds}; samesite=lax`;
}

/** The system decides until somebody presses; the layout reads the cookie. */
export function ThemeSwitch() {
  return (
    <button type="button" className="btn btn--icon" aria-label="Switch theme" onClick={switchTheme}>
      <Icon name="theme" />
    </button>
  );
}
