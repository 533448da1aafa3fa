import type { PageFiles } from "../pages/page-files.ts";
import type { WebSocketEnd } from "../../wire/websocket-owner.ts";
import type { WebSocketConnection } from "./connection.ts";
import type { SocketLimits } from "./options.ts";

/** What is served below one path of a server: a page, its answers, and the doors that WebSockets come in by. */
export interface Site {
  /** The page at `/`, and its files. */
  readonly page?: PageFiles;
  /** By path: `/stream`, or `/ws/*` for all below; `/` is the path of the site itself. */
  readonly doors?: Readonly<Record<string, Door>>;
  /** Answers requests that are for neither page nor door, such as REST. @returns nothing for 404 */
  answer?(request: Request, path: string): Response | undefined | Promise<Response | undefined>;
}

/** Where WebSockets come in. */
export interface Door {
  /** The subprotocols it speaks; the first one of the client's that is among them is agreed upon. */
  readonly subprotocols?: readonly string[];
  /** Where they differ from the server's. */
  readonly limits?: Partial<SocketLimits>;
  /** Somebody has come in. @returns who hears what they say */
  welcome(connection: WebSocketConnection, visit: Visit): Hearer;
}

/** What the handshake said. */
export interface Visit {
  /** What was asked for; its path begins at the site, so `/` is the site's own. */
  readonly url: URL;
  /** The one that was agreed upon. */
  readonly subprotocol: string | undefined;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Hears what comes in over one connection. */
export interface Hearer {
  /** A whole message; text is UTF-8. The buffer is the hearer's. */
  heard(message: Buffer, isText: boolean): void;
  /** What waited has been read. */
  drained?(): void;
  /** More than `maxBufferedBytes` wait to be read. @default close(1008) */
  overflowed?(): void;
  /** The connection is over. */
  closed?(end: WebSocketEnd): void;
}
