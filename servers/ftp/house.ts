import type { SecureContext } from "node:tls";
import type { Command } from "./command.ts";
import type { FtpEvents } from "./events.ts";
import type { FileSystem } from "./file-system.ts";
import type { ResolvedFtpOptions } from "./options.ts";
import type { PassivePorts } from "./passive-ports.ts";
import type { Authenticate } from "./users.ts";

/** What the sessions of one server share. */
export interface FtpHouse {
  readonly options: ResolvedFtpOptions;
  readonly files: FileSystem;
  readonly authenticate: Authenticate;
  readonly commands: ReadonlyMap<string, Command>;
  readonly passivePorts: PassivePorts;
  readonly events: FtpEvents;
  /** One context for control and data connections, so that clients can resume sessions. */
  readonly secureContext: () => SecureContext;
}
