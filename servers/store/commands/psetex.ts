import { setFor } from "../families/set.ts";

export const pSetEx = setFor("psetex", "px");
