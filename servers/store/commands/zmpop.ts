import { poppingMany } from "../families/blocking-sorted-set.ts";

export const zMPop = poppingMany("zmpop", 1);
