import { flushing } from "../families/server.ts";

export const flushAll = flushing("flushall", ({ engine }) => engine.databases);
