import { counting } from "../families/keys.ts";

export const exists = counting("exists", ["readonly", "fast"], ({ db }, key) => db.has(key));
