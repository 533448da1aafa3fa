import { integer } from "../reply.ts";
import { putting } from "../families/hash.ts";

export const hSet = putting("hset", integer);
