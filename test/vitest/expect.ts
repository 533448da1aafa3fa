import { expect } from "vitest";
import { mailMatchers } from "./mail-matchers.ts";

expect.extend(mailMatchers);

/** vitest's `expect`, which can also say what has arrived. */
export { expect };
