import { pushing } from "../families/list.ts";

export const lPushX = pushing("lpushx", "left", true);
