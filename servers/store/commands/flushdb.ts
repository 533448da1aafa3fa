import { flushing } from "../families/server.ts";

export const flushDb = flushing("flushdb", ({ db }) => [db]);
