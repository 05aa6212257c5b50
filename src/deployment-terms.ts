// What a deployment says of how views turn, in the words in which a backtest is asked for it too: one plays what the other does.
import type { SwitchingChoice } from "./core/prediction/direction-switching.ts";
import type { AppEnv } from "./env.ts";

/** What it does not say, or not in whole numbers, is as the rules have it. */
export function switchingOf(env: AppEnv): SwitchingChoice {
  const { SWITCHES_PER_HOUR_MAX: most, SWITCH_COOLDOWN_MINUTES: minutes, PREVENTIVE_EXITS: preventive } = env;
  const [switchesPerHour, cooldownMinutes] = [wholeOf(most), wholeOf(minutes)];
  return {
    ...(switchesPerHour === null ? {} : { switchesPerHour }),
    ...(cooldownMinutes === null ? {} : { cooldownMinutes }),
    preventiveExits: preventive !== "OFF",
  };
}

const wholeOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : null;
