import { ranging } from "../families/sorted-set-range.ts";

export const zRangeByLex = ranging("zrangebylex", "lex", false);
