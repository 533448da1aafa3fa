export type { WebClientOptions, WebQuestion } from "./options.ts";
export type { WebAnswer } from "./response-reader.ts";
export { connectWeb, type WebClient } from "./web-client.ts";
