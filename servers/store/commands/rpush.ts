import { pushing } from "../families/list.ts";

export const rPush = pushing("rpush", "right", false);
