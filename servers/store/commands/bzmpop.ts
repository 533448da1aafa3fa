import { poppingMany } from "../families/blocking-sorted-set.ts";

export const bZMPop = poppingMany("bzmpop", 2);
