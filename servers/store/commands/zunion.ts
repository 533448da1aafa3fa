import { asking } from "../families/sorted-set-algebra.ts";

export const zUnion = asking("zunion", "union");
