/** Faults of a key-value store; store.test.ts sees each of them. */
export const storeFaults = ["moved", "ask", "loading", "half_bulk", "wrong_type"] as const;

/** Faults of WebSocket frames; websocket.test.ts sees each of them. */
export const frameFaults = [
  "bad_opcode",
  "masked_server_frame",
  "rsv_bit",
  "oversized_control",
  "close_code",
  "drop_without_close",
] as const;

/** A fault of a WebSocket's bytes, which websocket.test.ts sees too. */
export const pongFaults = ["no_pong"] as const;

/** Faults of datagrams, whatever they carry; datagrams.test.ts sees each of them. */
export const datagramFaults = ["drop", "duplicate", "reorder", "truncated_tc"] as const;

/** Faults of a name server; test/dns/rules.test.ts sees each of them. */
export const dnsFaults = [
  "drop_answer",
  "delay_answer",
  "duplicate_answer",
  "reorder_answers",
  "servfail",
  "nxdomain",
  "refused",
  "wrong_id",
  "truncated_answer",
  "other_port",
] as const;
