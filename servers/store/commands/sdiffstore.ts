import { diff, storing } from "../families/set-algebra.ts";

export const sDiffStore = storing("sdiffstore", diff);
