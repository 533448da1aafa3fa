export * from "./clients/smtp/index.ts";
export * from "./servers/ftp/index.ts";
export * from "./servers/smtp/index.ts";
export * from "./servers/web/index.ts";
export { WireError, type WireErrorCode } from "./wire/errors.ts";
export * from "./servers/dns/index.ts";
export * from "./clients/dns/index.ts";
export * from "./clients/socket/index.ts";
export * from "./servers/store/index.ts";
