import { expiring } from "../families/expire.ts";

export const pExpire = expiring("pexpire", 1, true);
