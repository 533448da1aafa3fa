import { computed, effect, signal } from "@preact/signals";
import { ask, change } from "../api.js";
import { isLive, listen } from "../live.js";

/** @typedef {{ Name: string, Title: string, About: string, Below: string }} Transport */
/** @typedef {{ Name: string, Offset: number, Length: number, Bits: { First: number, Count: number } | null, Value: string, Meaning: string, Source: string }} Field */
/** @typedef {{ Channel: string, From: "client" | "server", AtMs: number, OnWire: boolean, Title: string, Size: number, Hex: string, Fields: Field[] }} Part */
/** @typedef {{ ClientBytes: number, ServerBytes: number, TookMs: number, Failure: string }} End */
/** @typedef {{ parts: Part[], end: End | undefined }} Exchange What passed over one transport. */
/** @typedef {{ run: number, message: string, exchanges: Map<string, Exchange> }} Run */

/** @type {import("@preact/signals").Signal<Transport[]>} */
export const transports = signal([]);

/** The message that was said last, and what passed. @type {import("@preact/signals").Signal<Run>} */
export const run = signal({ run: 0, message: "", exchanges: new Map() });

/** What is about to be said. */
export const message = signal("Hello");

/** Whether a message is under way. */
export const isSaying = computed(
  () => run.value.run > 0 && [...run.value.exchanges.values()].some(({ end }) => end === undefined),
);

/** The number of the newest event. */
let last = 0;

/** Hear what passed since and passes, until the result is called. */
export function start() {
  if (transports.value.length === 0) {
    ask("compare").then(
      (said) => (transports.value = said.Transports),
      // The reader is told by ask().
      () => {},
    );
  }
  return listen(`compare/stream?after=${last}`, (events) => {
    for (const event of events) hear(event);
  });
}

/** @param {{ Number: number, Type: string, Run: number, Transport: string, Message?: string, Part?: Part } & Partial<End>} event */
function hear(event) {
  last = event.Number;
  const isNew = event.Run !== run.value.run;
  const exchanges = new Map(isNew ? [] : run.value.exchanges);
  const { parts, end } = exchanges.get(event.Transport) ?? { parts: [], end: undefined };
  if (event.Part) exchanges.set(event.Transport, { parts: [...parts, event.Part], end });
  else if (event.Type === "begin") exchanges.set(event.Transport, { parts: [], end: undefined });
  else exchanges.set(event.Transport, { parts, end: /** @type {End & typeof event} */ (event) });
  run.value = { run: event.Run, message: event.Message ?? run.value.message, exchanges };
}

/** What was under way when the server went has no other end. */
effect(() => {
  if (isLive.value) return;
  const gone = { ClientBytes: 0, ServerBytes: 0, TookMs: 0, Failure: "the server is gone" };
  const { exchanges, ...rest } = run.peek();
  const ended = [...exchanges].map(
    ([name, { parts, end = gone }]) => /** @type {const} */ ([name, { parts, end }]),
  );
  run.value = { ...rest, exchanges: new Map(ended) };
});

/** Say it over every transport. */
export async function say() {
  if (message.value !== "") await change("POST", "compare", { Message: message.value }).catch(() => {});
}
