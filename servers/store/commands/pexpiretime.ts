import { telling } from "../families/expire.ts";

export const pExpireTime = telling("pexpiretime", (atMs) => atMs);
