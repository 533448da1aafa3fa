import { removing } from "../families/sorted-set-range.ts";

export const zRemRangeByRank = removing("zremrangebyrank", "rank");
