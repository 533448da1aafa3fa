import { poppingMany } from "../families/blocking-list.ts";

export const lMPop = poppingMany("lmpop", 1);
