import type { CloseOptions } from "../../wire/listener.ts";

/** What speaks the protocol: our sessions on sockets, or a library. */
export interface Engine {
  /** Every address it listens on, as URLs; the first is the plain one. */
  readonly urls: readonly string[];
  readonly host: string;
  readonly port: number;
  /** With implicit TLS. */
  readonly ftpsUrl: string | undefined;
  readonly ftpsPort: number | undefined;
  /** Control connections now. */
  readonly connections: number;
  close(options?: CloseOptions): Promise<void>;
}
