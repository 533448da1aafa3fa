import { popping } from "../families/blocking-list.ts";

export const bRPop = popping("brpop", "right");
