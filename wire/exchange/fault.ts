import type { SecureContext } from "node:tls";
import type { Intervention } from "../interceptor.ts";
import type { Stage } from "../passage.ts";
import type { Role } from "./script.ts";

/** A rule of which the time has come: what a fault may know of it. */
export interface Firing {
  /** The message that was heard; empty for a greeting and for faults on bytes. */
  readonly text: string;
  readonly connection: number;
  readonly remoteAddress: string;
  /** The sender of the mail under way, if one was heard. */
  readonly sender: string;
  /** The n-th time that the rule was met on this connection, from 1. */
  readonly occurrence: number;
  /** A number from 0 to 1, the same for the same seed, connection, rule, occurrence and `index`. */
  draw(index: number): number;
}

/**
 * What a fault does, made once for each rule; state that outlives a firing (greylisting) is kept here. It has exactly
 * one of `turn`, `stage` and `secureContext`.
 */
export interface Effect {
  /** In a few words, for transcripts: `reply 450`. */
  readonly title: string;
  /** What is waited for when the rule does not say. */
  readonly on?: string | RegExp;
  /** Takes over the turn; nothing when this message is let pass after all, which does not count as fired. */
  turn?(firing: Firing): Intervention | undefined;
  /** Something that bytes go through. */
  stage?(firing: Firing): Stage;
  /** Whose bytes go through the stage. @default "S" */
  readonly direction?: Role;
  /** The stage reads what it changes: where TLS is spoken it stands above it. */
  readonly needsClear?: boolean;
  /** Another certificate. */
  secureContext?(): SecureContext;
}
