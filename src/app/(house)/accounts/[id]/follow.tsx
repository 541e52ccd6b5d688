'use client';

import { useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { FollowAccount } from '../../../../ui/account/follow-account.tsx';

/** Follows the account with Next's way of drawing the page again. */
export function Follow({ accountId, asOf }: { accountId: string; asOf: number }) {
  const router = useRouter();
  const refresh = useCallback(() => router.refresh(), [router]);
  return <FollowAccount accountId={accountId} asOf={asOf} refresh={refresh} />;
}
