import { ranging } from "../families/stream-read.ts";

export const xRange = ranging("xrange", false);
