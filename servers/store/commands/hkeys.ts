import { bulks } from "../reply.ts";
import { looking } from "../families/hash.ts";

export const hKeys = looking("hkeys", (fields) => bulks([...fields.keys()]));
