import { popping } from "../families/list.ts";

export const lPop = popping("lpop", "left");
