import type { Socket } from "node:net";
import type { ByteReader } from "../../wire/byte-reader.ts";
import type { Interceptor } from "../../wire/interceptor.ts";
import type { Recorder } from "../../wire/transcript.ts";
import type { DatagramFaults } from "./datagram-faults.ts";
import type { ProxyOptions } from "./options.ts";
import type { ProxyRequest, RequestEntry, RequestLog } from "./request-log.ts";
import type { Route } from "./route.ts";
import type { Users } from "./users.ts";

/** What the clients of one proxy share. */
export interface ProxyHouse {
  readonly options: Required<ProxyOptions>;
  readonly users: Users;
  readonly route: Route;
  readonly rules: Interceptor;
  readonly datagramFaults: DatagramFaults;
  readonly log: RequestLog;
  readonly recorder: Recorder;
}

/** A client, for whoever serves it. */
export interface Client {
  readonly house: ProxyHouse;
  readonly socket: Socket;
  readonly reader: ByteReader;
  /** The n-th connection of the proxy, from 1. */
  readonly connection: number;
  /** Kept, because a closed socket forgets it. */
  readonly address: string;
  readonly port: number;
  /** A request that has come; `settled` puts it into the log. */
  asks(about: Pick<ProxyRequest, "protocol" | "host" | "port" | "user" | "method" | "url">): RequestEntry;
  /** What becomes of a request is known. */
  settled(entry: RequestEntry): void;
  /** Write an event into the transcript. */
  note(event: string): void;
  /** The request is here whole, and its deadline is off; or another one begins. */
  deadline(isSet: boolean): void;
  /** Somebody to be destroyed with the client. */
  owns(other: { destroy(): void }): void;
  /** Last words: whatever else the client says is not heard. */
  part(words: string | Uint8Array): void;
}
