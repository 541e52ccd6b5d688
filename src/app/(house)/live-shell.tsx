'use client';

import { useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { HouseShell, type ShellProps } from '../../ui/house/house-shell.tsx';

/** The frame of the house with Next's ways: news redraw the page on the server, soft links keep what stands. */
export function LiveShell(props: ShellProps) {
  const router = useRouter();
  const refresh = useCallback(() => router.refresh(), [router]);
  const go = useCallback((address: string) => router.push(address, { scroll: false }), [router]);
  return <HouseShell {...props} refresh={refresh} go={go} />;
}
