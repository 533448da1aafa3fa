import type { Pair, Side } from "../../../wire/pong/court.ts";
import type { Phase } from "../../../wire/pong/state.ts";

/** What happens in the rooms of a server, for tests and for those who watch. */
export type GameEvent =
  | { readonly type: "opened" | "closed"; readonly room: string }
  /** `side` is null for spectators. `lost`: the connection, not the seat. */
  | {
      readonly type: "joined" | "left" | "lost" | "resumed";
      readonly room: string;
      readonly name: string;
      readonly side: Side | null;
    }
  | { readonly type: "point"; readonly room: string; readonly score: Pair<number> }
  | {
      readonly type: "phase";
      readonly room: string;
      readonly phase: Phase;
      readonly winner: Side | null;
    };
