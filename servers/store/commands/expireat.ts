import { expiring } from "../families/expire.ts";

export const expireAt = expiring("expireat", 1_000, false);
