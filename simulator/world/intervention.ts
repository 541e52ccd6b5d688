/** What somebody did to an account of the world: the only thing besides seed and instant that its state depends on. */
export interface Intervention {
  readonly fromMs: number;
  /** First instant after it; Infinity while it lasts. */
  readonly toMs: number;
  readonly status?: number;
  readonly disableReason?: number;
  /** Multiplies the daily limit and the spend cap. */
  readonly limitFactor?: number;
  readonly limitAnswer?: 'absent' | 'rejected';
  /** The operator resets the counter that runs against the spend cap. */
  readonly resetsAmountSpent?: boolean;
}
