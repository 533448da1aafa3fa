import { ranging } from "../families/sorted-set-range.ts";

export const zRangeByScore = ranging("zrangebyscore", "score", false);
