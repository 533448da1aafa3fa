import { signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/** What is open in the tab, for the title of the window; empty when it is the tab itself. */
export const heading = signal("");

/** Name the window after what is open, as long as it is. @param {string} words */
export function useHeading(words) {
  useLayoutEffect(() => {
    heading.value = words;
    return () => {
      heading.value = "";
    };
  }, [words]);
}
