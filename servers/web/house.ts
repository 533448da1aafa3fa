import type { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { Recorder } from "../../wire/transcript.ts";
import type { KnownHeads } from "./known-heads.ts";
import type { Files } from "./files.ts";
import type { ResolvedWebOptions } from "./options.ts";
import type { RequestLog } from "./request-log.ts";
import type { Routes } from "./routes.ts";

/** What all connections of one server share. */
export interface House {
  readonly options: ResolvedWebOptions;
  readonly routes: Routes;
  readonly files: Files | undefined;
  readonly heads: KnownHeads;
  readonly log: RequestLog;
  readonly recorder: Recorder;
  readonly rules: FaultRules;
}
