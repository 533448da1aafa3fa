import { popping } from "../families/blocking-sorted-set.ts";

export const bZPopMin = popping("bzpopmin", false);
