import { poppingMany } from "../families/blocking-list.ts";

export const bLMPop = poppingMany("blmpop", 2);
