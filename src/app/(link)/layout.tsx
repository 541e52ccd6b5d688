import type { ReactNode } from 'react';
import { Styles } from '../styles.tsx';

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <Styles of="alerts" />
      {children}
    </>
  );
}
