import { closePayload, encodeFrame, type FrameOptions, opcodes } from "../../websocket-frame.ts";
import type { Effect } from "../fault.ts";

/** A frame that RFC 6455 forbids, in place of the answer. */
export interface BadFrameFault {
  readonly fault: "bad_opcode" | "masked_server_frame" | "rsv_bit" | "oversized_control";
  /** Of a text frame. @default "x" */
  readonly text?: string;
}

/** The server says goodbye with this code (RFC 6455 section 7.4). */
export interface CloseCodeFault {
  readonly fault: "close_code";
  readonly code: number;
  readonly reason?: string;
}

/** The connection ends without a close frame: the client sees 1006. */
export interface DropWithoutCloseFault {
  readonly fault: "drop_without_close";
}

const anything = /^/;

export function badFrame({ fault, text = "x" }: BadFrameFault): Effect {
  const said = frameOf[fault](Buffer.from(text));
  return {
    title: fault.replaceAll("_", " "),
    on: anything,
    turn: () => (floor) => Promise.resolve(floor.say(said)),
  };
}

const textFrame = (payload: Buffer, options: FrameOptions): Buffer =>
  encodeFrame(opcodes.text, payload, options);

/** Sections of RFC 6455: 5.2 opcodes and reserved bits, 5.1 a server masks nothing, 5.5 at most 125 bytes. */
const frameOf: Readonly<Record<BadFrameFault["fault"], (payload: Buffer) => Buffer>> = {
  bad_opcode: (payload) => encodeFrame(3, payload),
  masked_server_frame: (payload) => textFrame(payload, { mask: Buffer.from([1, 2, 3, 4]) }),
  rsv_bit: (payload) => textFrame(payload, { reserved: 4 }),
  oversized_control: () => encodeFrame(opcodes.ping, Buffer.alloc(126, "x")),
};

export function closeCode({ code, reason = "" }: CloseCodeFault): Effect {
  const said = encodeFrame(opcodes.close, closePayload(code, reason));
  return {
    title: `close ${code}`,
    on: anything,
    turn: () => (floor) => Promise.resolve(floor.say(said)),
  };
}

export function dropWithoutClose(_fault: DropWithoutCloseFault): Effect {
  return {
    title: "end without a close frame",
    on: anything,
    turn: () => (floor) => Promise.resolve(floor.reset()),
  };
}
