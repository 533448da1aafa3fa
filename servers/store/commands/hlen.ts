import { integer } from "../reply.ts";
import { looking } from "../families/hash.ts";

export const hLen = looking("hlen", (fields) => integer(fields.size));
