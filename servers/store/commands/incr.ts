import { counter } from "../families/count.ts";

export const incr = counter("incr", 2, () => 1);
