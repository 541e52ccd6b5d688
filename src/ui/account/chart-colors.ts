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

/** Reads the colours as they are at this moment; `host` must be in the page. */
export function readColors(host: HTMLElement): ChartColors {
  const probe = document.createElement('span');
  host.append(probe);
  const colors = Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => {
      probe.style.color = `var(${token})`;
      return [name, getComputedStyle(probe).color];
    }),
  ) as ChartColors;
  probe.remove();
  return colors;
}

/** Calls back when the theme changes, by the switch or by the system; answers how to stop. */
export function onThemeChange(listener: () => void): () => void {
  const watch = new MutationObserver(listener);
  watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', listener);
  return () => {
    watch.disconnect();
    system.removeEventListener('change', listener);
  };
}
