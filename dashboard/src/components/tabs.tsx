// The way between the screens.
import { SCREENS, screen } from "../live/screen.ts";

export const Tabs = () => (
  <nav class="tabs" aria-label="Screens">
    {SCREENS.map(({ id, title }) => (
      <a key={id} href={`#/${id}`} {...(screen.value === id ? { "aria-current": "page" as const } : {})}>
        {title}
      </a>
    ))}
  </nav>
);
