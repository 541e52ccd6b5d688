import type { EnrolmentView } from '../../contract/own-sign-in.ts';
import type { OnceAnswer } from '../kit/once-form.tsx';
import type { Answer } from '../kit/use-act.ts';

/** The server actions of the page. */
export interface OwnActions {
  saveHours(form: FormData): Promise<Answer>;
  addDevice(subscription: PushSubscriptionJSON): Promise<Answer>;
  testDevice(deviceId: number): Promise<Answer>;
  removeDevice(deviceId: number): Promise<Answer>;
}

/** Those about how the reader signs in. */
export interface SignInActions {
  endSession(id: string): Promise<Answer>;
  signOutEverywhere(): Promise<void>;
  changePassword(form: FormData): Promise<Answer>;
}

/** What became of a wish that is answered with something. */
type Answered<T> = { isDone: true; value: T } | { isDone: false; problem: string };

/** Those about the second step of signing in. */
export interface SecondStepActions {
  beginSecondStep(form: FormData): Promise<Answered<EnrolmentView>>;
  /** Answers the recovery codes. */
  confirmSecondStep(form: FormData): Promise<Answered<string[]>>;
  renewCodes(form: FormData): Promise<Answered<string[]>>;
  endSecondStep(form: FormData): Promise<Answer>;
}

/** Those about the reader's own keys. */
export interface KeyActions {
  addKey(form: FormData): Promise<OnceAnswer>;
  revokeKey(id: number): Promise<Answer>;
}
