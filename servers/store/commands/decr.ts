import { counter } from "../families/count.ts";

export const decr = counter("decr", 2, () => -1);
