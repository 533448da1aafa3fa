export type * from "../../wire/bus.ts";
export { connectBus } from "./bus.ts";
export { connectStore, type StoreClient } from "./client.ts";
export type { StoreClientOptions } from "./options.ts";
