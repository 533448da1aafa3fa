import { range } from "../families/substring.ts";

export const subStr = range("substr");
