import { counting } from "../families/sorted-set-range.ts";

export const zLexCount = counting("zlexcount", "lex");
