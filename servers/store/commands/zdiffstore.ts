import { storing } from "../families/sorted-set-algebra.ts";

export const zDiffStore = storing("zdiffstore", "diff");
