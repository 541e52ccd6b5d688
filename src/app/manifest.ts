import type { MetadataRoute } from 'next';

/** iPhones and iPads show notifications of pages on the home screen only, and only of those that call themselves an app. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: '/dashboard',
    name: 'ArbHub',
    short_name: 'ArbHub',
    description: 'Watches ad accounts and tells you what happened to them.',
    lang: 'en',
    start_url: '/dashboard',
    scope: '/',
    display: 'standalone',
    background_color: '#f3f4f6',
    theme_color: '#1d4ed8',
    icons: [
      { src: '/icons/icon-192.png', type: 'image/png', sizes: '192x192' },
      { src: '/icons/icon-512.png', type: 'image/png', sizes: '512x512' },
      { src: '/icons/maskable-512.png', type: 'image/png', sizes: '512x512', purpose: 'maskable' },
      { src: '/icon.svg', type: 'image/svg+xml', sizes: 'any' },
    ],
  };
}
