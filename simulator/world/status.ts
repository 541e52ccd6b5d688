/** The account statuses of the protocol that this world uses. */
export const Status = {
  active: 1,
  disabled: 2,
  unsettled: 3,
  riskReview: 7,
  pendingSettlement: 8,
  gracePeriod: 9,
  pendingClosure: 100,
  closed: 101,
} as const;

/** Whether ads run under a status. */
export function delivers(status: number): boolean {
  return status === Status.active || status === Status.pendingSettlement || status === Status.gracePeriod;
}
