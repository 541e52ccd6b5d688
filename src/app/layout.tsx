import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { readStyles } from '../server/styles.ts';
import { Sprite } from '../ui/kit/sprite.tsx';

export const metadata: Metadata = { title: { default: 'ArbHub', template: '%s – ArbHub' } };

export const viewport: Viewport = {
  viewportFit: 'cover',
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#F3F4F6' },
    { media: '(prefers-color-scheme: dark)', color: '#0D1117' },
  ],
};

export default async function Layout({ children }: { children: ReactNode }) {
  const theme = (await cookies()).get('theme')?.value;
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  const styles = { __html: readStyles() };
  return (
    <html lang="en" data-theme={theme === 'light' || theme === 'dark' ? theme : undefined}>
      <head>
        {/* In the document itself: a request of its own, in series, would cost half a second on a slow phone. */}
        <style nonce={nonce} dangerouslySetInnerHTML={styles} suppressHydrationWarning />
      </head>
      <body>
        <Sprite />
        {children}
      </body>
    </html>
  );
}
