import { ranging } from "../families/sorted-set-range.ts";

export const zRevRangeByScore = ranging("zrevrangebyscore", "score", true);
