import type { FtpOptions, FtpServer } from "../../../servers/ftp/index.ts";
import type { Dialogue } from "../../ftp/dialogue.ts";

/** Starts the engine that is tested. */
export type Start = (options?: FtpOptions) => Promise<FtpServer>;

/** What a case works with: a server of its own, with `theFiles`, and somebody who is connected to it. */
export interface Desk {
  readonly ftp: FtpServer;
  readonly client: Dialogue;
  /** Log in with the right password. */
  readonly login: () => Promise<Dialogue>;
}

/** One promise of the protocol; it throws where it is not kept. */
export type Case = (desk: Desk) => Promise<void>;

export const theFiles = { "a.txt": "0123456789", "dir/b.txt": "b", "dir/c d.txt": "c" } as const;
export const theUsers = [{ name: "ann", password: "secret" }] as const;
