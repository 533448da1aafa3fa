import { storing } from "../families/sorted-set-algebra.ts";

export const zUnionStore = storing("zunionstore", "union");
