import { inter, storing } from "../families/set-algebra.ts";

export const sInterStore = storing("sinterstore", inter);
