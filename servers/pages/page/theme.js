import { effect, signal } from "@preact/signals";

/** `light`, `dark`, or empty: as the system has it. */
export const theme = signal(localStorage.getItem("theme") ?? "");

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/** Keep the document in the chosen theme. */
export function applyTheme() {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    if (theme.value) localStorage.setItem("theme", theme.value);
    else localStorage.removeItem("theme");
  });
}

/** Whether the page is dark now. */
export const isDark = () => (theme.value === "" ? prefersDark.matches : theme.value === "dark");

/** Change to the other theme; back to the system's when that is the same. */
export function toggleTheme() {
  const next = isDark() ? "light" : "dark";
  theme.value = (next === "dark") === prefersDark.matches ? "" : next;
}
