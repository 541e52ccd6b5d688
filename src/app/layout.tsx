import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { readConfig } from '../server/config.ts';
import { Sprite } from '../ui/kit/sprite.tsx';
import { Styles } from './styles.tsx';

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
  const live = readConfig().supabase === null ? undefined : 'realtime';
  return (
    <html lang="en" data-theme={theme === 'light' || theme === 'dark' ? theme : undefined} data-live={live}>
      <head>
        <Styles of="house" />
      </head>
      <body>
        <Sprite />
        {children}
      </body>
    </html>
  );
}
