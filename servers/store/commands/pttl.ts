import { telling } from "../families/expire.ts";

export const pTtl = telling("pttl", (atMs, nowMs) => Math.max(atMs - nowMs, 0));
