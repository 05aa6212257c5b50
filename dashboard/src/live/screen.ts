// Which screen is shown: the part of the address after "#/", so that a screen can be linked to and the back button works.
import { signal } from "@preact/signals";

export const SCREENS = [
  { id: "today", title: "Today" },
  { id: "risk", title: "Risk" },
  { id: "portfolio", title: "Portfolio" },
  { id: "options", title: "What if" },
] as const;
export type ScreenId = (typeof SCREENS)[number]["id"];

const fromAddress = (): ScreenId => SCREENS.find(({ id }) => location.hash === `#/${id}`)?.id ?? "today";

export const screen = signal<ScreenId>(fromAddress());
addEventListener("hashchange", () => {
  screen.value = fromAddress();
});
