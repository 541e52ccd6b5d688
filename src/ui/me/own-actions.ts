import type { Answer } from '../kit/use-act.ts';

/** The server actions of the page. */
export interface OwnActions {
  saveHours(form: FormData): Promise<Answer>;
  addDevice(subscription: PushSubscriptionJSON): Promise<Answer>;
  testDevice(deviceId: number): Promise<Answer>;
  removeDevice(deviceId: number): Promise<Answer>;
}
