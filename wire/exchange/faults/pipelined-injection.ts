import type { Effect } from "../fault.ts";
import { printFake } from "./replies.ts";

/** Replies in clear behind the one that allows TLS: a client that hears them afterwards has been injected into (CVE-2021-22947). */
export interface PipelinedInjectionFault {
  readonly fault: "pipelined_injection";
  /** Whole replies. @default a capability list, and a login that was accepted */
  readonly replies?: readonly string[];
}

export function pipelinedInjection({ replies }: PipelinedInjectionFault): Effect {
  const injected = replies
    ? replies.map((reply) => `${reply.replaceAll(/\r?\n/g, "\r\n")}\r\n`)
    : [printFake({ code: 250, text: "injected" }), printFake({ code: 235, text: "injected" })];
  return {
    title: "replies injected before TLS",
    on: "STARTTLS|AUTH TLS|AUTH SSL",
    turn: () => async (floor) => {
      const said = Buffer.from(await floor.pass());
      floor.say(Buffer.concat([said, Buffer.from(injected.join(""))]));
    },
  };
}
