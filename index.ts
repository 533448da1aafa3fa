export * from "./servers/smtp/index.ts";
export { WireError, type WireErrorCode } from "./wire/errors.ts";
