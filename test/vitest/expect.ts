import { expect } from "vitest";
import { fileMatchers } from "./file-matchers.ts";
import { mailMatchers } from "./mail-matchers.ts";

expect.extend(mailMatchers);
expect.extend(fileMatchers);

/** vitest's `expect`, which can also say what has arrived and what is there. */
export { expect };
