import { ranking } from "../families/sorted-set.ts";

export const zRank = ranking("zrank", false);
