import { ranking } from "../families/sorted-set.ts";

export const zRevRank = ranking("zrevrank", true);
