import { removing } from "../families/sorted-set-range.ts";

export const zRemRangeByLex = removing("zremrangebylex", "lex");
