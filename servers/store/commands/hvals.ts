import { bulks } from "../reply.ts";
import { looking } from "../families/hash.ts";

export const hVals = looking("hvals", (fields) => bulks([...fields.values()]));
