import type { Interceptor } from "../../wire/interceptor.ts";
import type { Recorder } from "../../wire/transcript.ts";
import type { Outbox } from "../../wire/websocket-outbox.ts";
import type { ResolvedWebSocketOptions } from "./options.ts";

/** What all connections of one server share. */
export interface House {
  readonly options: ResolvedWebSocketOptions;
  readonly recorder: Recorder;
  readonly interceptor: Interceptor;
  readonly outbox: Outbox;
}
