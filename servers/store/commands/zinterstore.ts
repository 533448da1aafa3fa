import { storing } from "../families/sorted-set-algebra.ts";

export const zInterStore = storing("zinterstore", "inter");
