import { ranging } from "../families/stream-read.ts";

export const xRevRange = ranging("xrevrange", true);
