export { connectFtp, type FtpClient } from "./ftp-client.ts";
export type {
  FtpConnection,
  RemoteEntry,
  TransferOptions,
  TransferProgress,
  TransferResult,
} from "./options.ts";
