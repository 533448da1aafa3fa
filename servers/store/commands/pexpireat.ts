import { expiring } from "../families/expire.ts";

export const pExpireAt = expiring("pexpireat", 1, false);
