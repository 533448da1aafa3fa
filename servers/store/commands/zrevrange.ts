import { ranging } from "../families/sorted-set-range.ts";

export const zRevRange = ranging("zrevrange", "rank", true);
