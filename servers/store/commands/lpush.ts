import { pushing } from "../families/list.ts";

export const lPush = pushing("lpush", "left", false);
