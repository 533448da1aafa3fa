import type { Dialect, Dialogue } from "../dialect.ts";

/** Bytes as they come: a datagram over UDP, a stretch of the stream over TCP. */
export const raw: Dialect = {
  name: "raw",
  schemes: ["udp"],
  kinds: [],
  isStream: true,
  open: (): Dialogue => ({
    cut: (_speaker, bytes) => (bytes === "" ? [] : [{ kind: "", text: bytes, raw: bytes }]),
    unfinished: () => "",
    encode: (_speaker, _kind, text) => text,
  }),
  show: (message) => [message.text],
};
