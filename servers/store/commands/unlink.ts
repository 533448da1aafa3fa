import { counting } from "../families/keys.ts";

export const unlink = counting("unlink", ["write", "fast"], ({ db }, key) => db.remove(key));
