import type { Fault } from "./faults.ts";

/** When a rule fires. What is left out does not matter; what is given must all hold. */
export interface RuleSelector {
  /**
   * The message that is waited for: the beginning of a command (`RCPT`, `RCPT TO:<slow@`, `.` for the end of a mail),
   * several joined by `|`, `greeting`, or a pattern. @default what the fault is usually about; all bytes for faults on bytes
   */
  readonly on?: string | RegExp;
  /** Only the n-th connection of the server, from 1, or these. @default all */
  readonly connection?: number | readonly number[];
  /** Only an inbox: its user is logged in, or its address is the sender or a recipient. @default all */
  readonly inbox?: { readonly address: string; readonly user: string };
  /** Only when this user is logged in. @default everybody */
  readonly user?: string;
  /** Only when this address is the sender, or a recipient heard so far. @default all */
  readonly address?: string;
  readonly phase?: "before TLS" | "after TLS" | "before login" | "after login";
  /** How often, counted over what the rest of the selector lets through. @default always */
  readonly times?:
    | { readonly first: number }
    | { readonly nth: number }
    | { readonly after: number }
    | { readonly every: number };
  /** Only so often, in percent of all times, drawn from the seed. @default 100 */
  readonly percent?: number;
  /** Only in this time after the server's start. @default always */
  readonly between?: { readonly fromMs?: number; readonly toMs?: number };
}

/** A fault and when it happens: `{ on: "RCPT", times: { first: 2 }, fault: "reply", code: 450 }`. */
export type FaultRule = RuleSelector & Fault;

/** A rule as it is listed. */
export interface RuleState {
  /** In the order of adding, from 1; never used again. */
  readonly number: number;
  /** What happens: `reply 450`. */
  readonly title: string;
  /** What it waits for, in words. */
  readonly on: string;
  /** Its line, when it comes from a file. */
  readonly line?: number;
  /** How often what it waits for has happened. */
  readonly met: number;
  /** How often the fault was caused. */
  readonly fired: number;
}

/** The rules of a running server. */
export interface Rules {
  /**
   * Add rules; they count from now on, also on connections that are open.
   * @param rules typed ones, the text of a script with `(whenever)` blocks, or the path of one that ends in `.exchange`
   * @returns takes them out again
   * @throws TypeError for a rule that makes no sense; ScriptError for a text that does not parse
   */
  add(...rules: readonly (FaultRule | string)[]): () => void;
  /** Take all rules out. */
  clear(): void;
  list(): RuleState[];
  /** A sentence for each rule that never fired. */
  warnings(): string[];
  readonly seed: number;
}
