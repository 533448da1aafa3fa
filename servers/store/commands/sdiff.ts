import { asking, diff } from "../families/set-algebra.ts";

export const sDiff = asking("sdiff", diff);
