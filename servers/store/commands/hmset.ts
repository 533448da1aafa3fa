import { ok } from "../reply.ts";
import { putting } from "../families/hash.ts";

export const hMSet = putting("hmset", () => ok);
