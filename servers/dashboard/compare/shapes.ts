import type { Field } from "../../../wire/anatomy.ts";
import { listOf, object, ref, text, whole, yes, type Schema } from "../route.ts";
import type { ComparedTransport, HeardPart } from "./face.ts";
import type { NumberedHappening } from "./runs.ts";

/** Of a long part, so many bytes are told. */
const mostBytes = 1_024;

/** A transport as the REST writes it. */
export const transportShape = ({ name, title, about, below }: ComparedTransport) => ({
  Name: name,
  Title: title,
  About: about,
  Below: below,
});

/** Something that happened, as the REST writes it. */
export function happeningShape({ number, run, transport, happening }: NumberedHappening) {
  const of = { Number: number, Run: run, Transport: transport };
  if (happening.type === "begin") return { Type: "begin", ...of, Message: happening.message };
  if (happening.type === "part") return { Type: "part", ...of, Part: partShape(happening.heard) };
  const { clientBytes, serverBytes, tookMs, failure } = happening;
  return {
    Type: "end",
    ...of,
    ClientBytes: clientBytes,
    ServerBytes: serverBytes,
    TookMs: rounded(tookMs),
    Failure: failure,
  };
}

const partShape = ({ channel, from, atMs, part, isOnWire }: HeardPart) => ({
  Channel: channel,
  From: from,
  AtMs: rounded(atMs),
  OnWire: isOnWire,
  Title: part.title,
  Size: part.bytes.length,
  Hex: part.bytes.toString("hex", 0, mostBytes),
  Fields: part.fields.map(fieldShape),
});

const fieldShape = ({ name, offset, length, bits, value, meaning, source }: Field) => ({
  Name: name,
  Offset: offset,
  Length: length,
  Bits: bits ? { First: bits.first, Count: bits.count } : null,
  Value: value,
  Meaning: meaning,
  Source: source,
});

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1_000) / 1_000;

const number = { ...whole, description: "Counts the events; the same as their id" };
const transport = { ...text, description: "Its name: `websocket`" };
const run = { ...whole, description: "Counts the messages that were asked for" };
const milliseconds: Schema = { type: "number" };
const happened = { Number: number, Run: run, Transport: transport };

/** The shapes that the routes of the comparison name with `ref`. */
export const compareSchemas: Readonly<Record<string, Schema>> = {
  ComparedTransport: object({ Name: text, Title: text, About: text, Below: text }),
  ComparedPart: object({
    Channel: { ...text, description: "Over what: `connection`, `inside TLS`, `data connection`" },
    From: { type: "string", enum: ["client", "server"] },
    AtMs: { ...milliseconds, description: "Since the message was asked for" },
    OnWire: {
      ...yes,
      description: "Whether these bytes are on the wire; what is inside TLS is there sealed",
    },
    Title: text,
    Size: { ...whole, description: "Bytes of the part" },
    Hex: { ...text, description: `The first ${mostBytes} of them` },
    Fields: listOf(ref("ComparedField")),
  }),
  ComparedField: object({
    Name: text,
    Offset: { ...whole, description: "Where it begins in its part" },
    Length: { ...whole, description: "How many bytes it is in" },
    Bits: {
      ...object({ First: whole, Count: whole }),
      type: ["object", "null"],
      description: "Where it has not whole bytes: the first bit, 0 for the highest, and how many",
    },
    Value: text,
    Meaning: text,
    Source: { ...text, description: "Who says so: `RFC 6455 section 5.2`" },
  }),
  ComparedEvent: {
    oneOf: [
      object({ Type: { const: "begin" }, ...happened, Message: text }),
      object({ Type: { const: "part" }, ...happened, Part: ref("ComparedPart") }),
      object({
        Type: { const: "end" },
        ...happened,
        ClientBytes: whole,
        ServerBytes: whole,
        TookMs: milliseconds,
        Failure: { ...text, description: "What went wrong; empty when nothing did" },
      }),
    ],
  },
};
