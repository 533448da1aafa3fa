import { counting } from "../families/keys.ts";

export const del = counting("del", ["write"], ({ db }, key) => db.remove(key));
