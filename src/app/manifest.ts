import type { MetadataRoute } from 'next';

/** iPhones and iPads show notifications of pages on the home screen only, and only of those that call themselves an app. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'ArbHub',
    short_name: 'ArbHub',
    start_url: '/dashboard',
    display: 'standalone',
    icons: [{ src: '/icon.svg', type: 'image/svg+xml', sizes: 'any' }],
  };
}
