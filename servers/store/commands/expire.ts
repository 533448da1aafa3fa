import { expiring } from "../families/expire.ts";

export const expire = expiring("expire", 1_000, true);
