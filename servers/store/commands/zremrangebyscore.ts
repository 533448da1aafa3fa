import { removing } from "../families/sorted-set-range.ts";

export const zRemRangeByScore = removing("zremrangebyscore", "score");
