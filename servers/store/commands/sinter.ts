import { asking, inter } from "../families/set-algebra.ts";

export const sInter = asking("sinter", inter);
