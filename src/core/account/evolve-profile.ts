// Who an account is and within which limits it trades, as its events say it. What an event does not name stays as it was.
import { required } from "../kernel/assert.ts";
import type { AccountEvent } from "./event.ts";
import type { AccountProfile } from "./profile.ts";
import type { AccountState } from "./state.ts";

type ProfileEvent = Extract<AccountEvent, { readonly type: "ACCOUNT_OPENED" | "LIMITS_CHANGED" | "KYC_CHANGED" }>;

export function profileChanged(state: AccountState, event: ProfileEvent): AccountState {
  if (event.type === "ACCOUNT_OPENED") {
    return { ...state, profile: event.profile, savingsPaise: event.profile.savingsPaise };
  }
  const profile = required(state.profile, "an open account");
  return { ...state, profile: event.type === "KYC_CHANGED" ? { ...profile, kyc: event.kyc } : limited(profile, event) };
}

const limited = (
  profile: AccountProfile,
  { limits, overrides, locks, capitalPaise }: Extract<AccountEvent, { readonly type: "LIMITS_CHANGED" }>,
): AccountProfile => ({
  ...profile,
  limits,
  ...(overrides === undefined ? {} : { overrides }),
  ...(locks === undefined ? {} : { locks }),
  ...(capitalPaise === undefined ? {} : { capitalPaise }),
});
