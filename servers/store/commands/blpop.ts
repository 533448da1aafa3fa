import { popping } from "../families/blocking-list.ts";

export const bLPop = popping("blpop", "left");
