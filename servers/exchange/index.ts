export type { ServeOptions } from "./options.ts";
export { type ServedExchange, serveExchange } from "./serve.ts";
