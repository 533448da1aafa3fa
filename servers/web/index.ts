export type { WebOptions } from "./options.ts";
export { json, type WebHandler, type WebReply, type WebResponse } from "./reply.ts";
export type { RequestOrigin, WebRequest } from "./request.ts";
export type { RequestFilter } from "./request-log.ts";
export type { RequestBody } from "./request-body.ts";
export { type Act, script, type Script } from "./script.ts";
export { startWeb, type WebServer } from "./server.ts";
export type { OnUpgrade } from "./upgrade.ts";
export { type Right, wrong } from "./wrong.ts";
