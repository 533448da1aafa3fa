export { FileError, fileErrors, readerOf } from "./file-system.ts";
export type {
  Awaitable,
  ByteRange,
  FileEntry,
  FileErrorCode,
  FileReader,
  FileSystem,
  FileType,
  FileWriter,
  WriteOptions,
} from "./file-system.ts";
export { diskFiles, type DiskOptions } from "./file-systems/disk.ts";
export { memoryFiles, type MemoryOptions } from "./file-systems/memory.ts";
export { quotaFiles } from "./file-systems/quota.ts";
export type { FtpEvent, TransferEvent } from "./events.ts";
export type { Folder } from "./folder.ts";
export type { FtpOptions, PortRange } from "./options.ts";
export { startFtp, type FtpServer, type Upload, type FtpWaitOptions } from "./server.ts";
export { parseUser, type Authenticate, type Permission, type User } from "./users.ts";
export type { FaultRule, Rules, RuleState } from "../../wire/exchange/rule.ts";
