export type { Bus } from "../../wire/bus.ts";
export { type BusOptions, openBus } from "./bus.ts";
export type { EvictionPolicy } from "./memory-limit.ts";
export type { Fsync, StoreOptions, TornTail } from "./options.ts";
export { startStore, type StoreServer } from "./server.ts";
