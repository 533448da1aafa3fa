import { expect } from "vitest";
import { mailMatchers } from "./mail-matchers.ts";

expect.extend(mailMatchers);

export { expect };
export { test, type MailFixtures } from "./fixtures.ts";
export type { ArrivalOptions } from "./mail-matchers.ts";
