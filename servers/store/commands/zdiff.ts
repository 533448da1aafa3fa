import { asking } from "../families/sorted-set-algebra.ts";

export const zDiff = asking("zdiff", "diff");
