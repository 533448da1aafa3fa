import { counting } from "../families/sorted-set-range.ts";

export const zCount = counting("zcount", "score");
