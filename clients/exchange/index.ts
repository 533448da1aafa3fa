export type { PlayOptions } from "./options.ts";
export { playExchange, tryExchange } from "./play.ts";
