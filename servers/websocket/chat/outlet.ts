import type { Line } from "./line.ts";

/** How a session reaches its client: what a door gives it. */
export interface Outlet {
  /** The n-th connection of its door, from 1. */
  readonly connection: number;
  readonly remoteAddress: string;
  /** Say a line. What is said in one turn of the event loop leaves in one write. */
  say(line: Line): void;
  /** End the connection when what was said has left. */
  end(): void;
  /** End it as networks do: with a reset, with a FIN, or by saying and hearing nothing more. */
  drop(how: "rst" | "fin" | "silence"): void;
  /** End it at once, without what waits to leave. */
  destroy(): void;
  /** Write an event into the transcript. */
  note(event: string): void;
}
