export type { EvictionPolicy } from "./memory-limit.ts";
export type { Fsync, StoreOptions, TornTail } from "./options.ts";
export { startStore, type StoreServer } from "./server.ts";
