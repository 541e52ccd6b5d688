import type { ReactNode } from 'react';

/** Each page in here asks for itself who is looking: a layout is not rendered again on every navigation. */
export default function Layout({ children }: { children: ReactNode }) {
  return children;
}
