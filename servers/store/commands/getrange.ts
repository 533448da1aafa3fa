import { range } from "../families/substring.ts";

export const getRange = range("getrange");
