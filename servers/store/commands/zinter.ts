import { asking } from "../families/sorted-set-algebra.ts";

export const zInter = asking("zinter", "inter");
