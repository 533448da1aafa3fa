import { ranging } from "../families/sorted-set-range.ts";

export const zRange = ranging("zrange", "rank", false);
