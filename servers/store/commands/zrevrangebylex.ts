import { ranging } from "../families/sorted-set-range.ts";

export const zRevRangeByLex = ranging("zrevrangebylex", "lex", true);
