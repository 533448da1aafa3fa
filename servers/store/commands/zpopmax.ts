import { popping } from "../families/sorted-set.ts";

export const zPopMax = popping("zpopmax", true);
