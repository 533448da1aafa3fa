export { exchanges, type ExchangesOptions, serve } from "./exchanges.ts";
export { expect } from "./expect.ts";
export { type FileFixtures, fileFixtures } from "./file-fixtures.ts";
export { fileMatchers } from "./file-matchers.ts";
export type { Fixture } from "./fixture.ts";
export { type MailFixtures, mailFixtures } from "./mail-fixtures.ts";
export { type ArrivalOptions, mailMatchers } from "./mail-matchers.ts";
export { type PortsideFixtures, test } from "./test.ts";
