import { popping } from "../families/sorted-set.ts";

export const zPopMin = popping("zpopmin", false);
