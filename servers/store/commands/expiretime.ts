import { telling } from "../families/expire.ts";

export const expireTime = telling("expiretime", (atMs) => Math.floor((atMs + 500) / 1_000));
