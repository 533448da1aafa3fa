import { setFor } from "../families/set.ts";

export const setEx = setFor("setex", "ex");
