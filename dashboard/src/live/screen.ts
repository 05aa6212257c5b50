// Which screen is shown: the part of the address after "#/", so that a screen can be linked to and the back button works. What
// follows the next "/" is the screen's own.
import { signal } from "@preact/signals";

export const SCREENS = [
  { id: "today", title: "Today" },
  { id: "risk", title: "Risk" },
  { id: "portfolio", title: "Portfolio" },
  { id: "records", title: "Records" },
  { id: "options", title: "What if" },
  { id: "lab", title: "Lab" },
] as const;
export type ScreenId = (typeof SCREENS)[number]["id"];

const partsOfAddress = (): readonly string[] => location.hash.replace(/^#\//, "").split("/");
const fromAddress = (): ScreenId => SCREENS.find(({ id }) => partsOfAddress()[0] === id)?.id ?? "today";
const placeInScreen = (): string => partsOfAddress()[1] ?? "";

export const screen = signal<ScreenId>(fromAddress());
export const place = signal<string>(placeInScreen());
addEventListener("hashchange", () => {
  screen.value = fromAddress();
  place.value = placeInScreen();
});
