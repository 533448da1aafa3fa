import { counting } from "../families/keys.ts";

export const touch = counting("touch", ["readonly", "fast"], ({ db }, key) => db.has(key));
