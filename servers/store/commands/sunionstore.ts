import { storing, union } from "../families/set-algebra.ts";

export const sUnionStore = storing("sunionstore", union);
