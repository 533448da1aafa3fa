import { popping } from "../families/list.ts";

export const rPop = popping("rpop", "right");
