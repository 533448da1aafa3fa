import { asking, union } from "../families/set-algebra.ts";

export const sUnion = asking("sunion", union);
