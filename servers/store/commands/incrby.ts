import { checked, counter } from "../families/count.ts";

export const incrBy = counter("incrby", 3, (words) => checked(words[2]!));
