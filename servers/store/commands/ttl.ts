import { telling } from "../families/expire.ts";

export const ttl = telling("ttl", (atMs, nowMs) => Math.floor((Math.max(atMs - nowMs, 0) + 500) / 1_000));
