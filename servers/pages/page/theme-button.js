import { html } from "portside/page/html.js";
import { isDark, toggleTheme } from "portside/page/theme.js";

const sun =
  "M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM10 2v2m0 12v2m8-8h-2M4 10H2m13.700-5.700l-1.400 1.400M5.700 14.300l-1.400 1.400m0-11.400l1.400 1.400m8.600 8.600l1.400 1.400";
const moon = "M16 11.500A6.500 6.500 0 0 1 8.500 4a6.500 6.500 0 1 0 7.500 7.500z";

/** Changes to the other theme. */
export function ThemeButton() {
  const label = `Use the ${isDark() ? "light" : "dark"} theme`;
  return html`
    <button class="quiet" type="button" title=${label} aria-label=${label} onClick=${toggleTheme}>
      <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=${isDark() ? sun : moon} /></svg>
    </button>
  `;
}
