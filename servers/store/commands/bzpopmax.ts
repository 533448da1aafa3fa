import { popping } from "../families/blocking-sorted-set.ts";

export const bZPopMax = popping("bzpopmax", true);
