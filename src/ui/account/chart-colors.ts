/** The theme's colours as a canvas takes them: tokens hold both themes, and only a drawn element tells which one counts. */

const tokens = {
  ink: '--color-ink',
  muted: '--color-muted',
  text: '--color-text',
  surface: '--color-surface',
  grid: '--color-border',
  limit: '--color-accent',
  second: '--color-lost',
  hatch: '--color-unknown',
  warning: '--color-warning-tint',
  stopped: '--color-stopped',
  suspended: '--color-suspended-tint',
  closed: '--color-track',
  lost: '--color-lost',
  unknown: '--color-hatch-b',
  burn: '--color-suspended-text',
} as const;

export type ChartColors = Record<keyof typeof tokens, string>;

/** Kept for the other charts of the page, until the theme changes. */
let known: ChartColors | null = null;

/** The colours as they are at this moment; `host` must be in the page. */
export function readColors(host: HTMLElement): ChartColors {
  if (known !== null) return known;
  const probe = document.createElement('span');
  host.append(probe);
  known = Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => {
      probe.style.color = `var(${token})`;
      return [name, getComputedStyle(probe).color];
    }),
  ) as ChartColors;
  probe.remove();
  return known;
}

/** Calls back when the theme changes, by the switch or by the system; answers how to stop. */
export function onThemeChange(listener: () => void): () => void {
  const changed = () => {
    known = null;
    listener();
  };
  const watch = new MutationObserver(changed);
  watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', changed);
  return () => {
    watch.disconnect();
    system.removeEventListener('change', changed);
  };
}
