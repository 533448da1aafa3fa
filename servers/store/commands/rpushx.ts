import { pushing } from "../families/list.ts";

export const rPushX = pushing("rpushx", "right", true);
