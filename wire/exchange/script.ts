/**
 * What a parsed script is made of. The tree keeps everything that the printer needs (comments, empty lines, the
 * choice between a block and a line), so that a file can be read, changed and written back.
 *
 * Text in the tree is text as it stands in the file; bytes come into play in `payload.ts`, when it is said or heard.
 */

/** Who speaks or acts: the client or the server of the conversation. */
export type Role = "C" | "S";

/** How often and how strictly a line is meant; see the table of marks in EXCHANGE.md. */
export type Mark = "" | "?" | "*" | "+" | "&" | "=";

/** Where a piece of a script stands. Included items keep the file they came from. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Keys a header may have. */
export const headerKeys = ["title", "target", "dialect", "timeout", "seed", "requires"] as const;
export type HeaderKey = (typeof headerKeys)[number];

/** Names of the types a hole may have; what they match is in `types.ts`. */
export const typeNames = [
  "int",
  "hex",
  "word",
  "any",
  "b64",
  "ip",
  "stamp",
  "quoted",
  "pasv",
  "epsv",
  "eprt",
] as const;
export type TypeName = (typeof typeNames)[number];

/** Names of the functions an expression may call; what they do is in `functions.ts`. */
export const functionNames = [
  "b64",
  "unb64",
  "hex",
  "unhex",
  "md5",
  "sha1",
  "hmac_md5",
  "repeat",
  "len",
  "add",
  "env",
] as const;
export type FunctionName = (typeof functionNames)[number];

/** One operand of an expression. A string is a byte string: one character for each byte. */
export type Term =
  | { readonly type: "string"; readonly bytes: string }
  | { readonly type: "integer"; readonly value: number }
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "call"; readonly name: FunctionName; readonly given: readonly Expression[] };

/** Terms joined by `+`, which concatenates. */
export type Expression = readonly Term[];

/** `${name:type=sample}`: what the listener looks for and what the speaker says. Never all empty. */
export interface Slot {
  readonly type: "slot";
  readonly name?: string;
  readonly kind?: TypeName;
  /** The source of a regular expression, instead of a type. */
  readonly regex?: string;
  /** A byte string; in the file verbatim, or quoted when it holds a `}` or a control character. */
  readonly sample?: string;
}

/** `${b64("x" + user)}`: a value both sides can compute. */
export interface Computed {
  readonly type: "computed";
  readonly expression: Expression;
}

/** A stretch of literal text. */
export interface Literal {
  readonly type: "literal";
  readonly text: string;
}

export type Part = Literal | Slot | Computed;

/** What is said: one line of parts, or several lines when it is a block. */
export interface Payload {
  readonly lines: readonly (readonly Part[])[];
  /** The lines stand below the speaker's line instead of beginning on it. */
  readonly below: boolean;
  /** The payload ends in `...`: the rest of the message, or nothing. */
  readonly rest: boolean;
}

/** A duration as written: `200ms` or `1.5s`. */
export interface Duration {
  readonly amount: number;
  readonly unit: "ms" | "s";
}

/** What a stage direction asks for. */
export type Act =
  | {
      readonly does: "connects";
      readonly actor: Role;
      readonly connection?: string;
      /** Where to: an address as text, instead of the target or of the address captured in the name. */
      readonly to?: string;
    }
  | { readonly does: "listens"; readonly actor: Role; readonly connection: string }
  | {
      readonly does: "closes" | "half-closes" | "resets" | "stalls";
      readonly actor: Role;
      readonly connection?: string;
    }
  | { readonly does: "starts TLS"; readonly connection?: string }
  | { readonly does: "waits"; readonly actor: Role; readonly duration: Duration }
  | { readonly does: "within" | "silence"; readonly duration: Duration }
  | { readonly does: "drips"; readonly actor: Role; readonly bytes: number; readonly every: Duration }
  | { readonly does: "truncates" | "garbles"; readonly actor: Role; readonly bytes: number }
  | { readonly does: "pass"; readonly quietly: boolean }
  | { readonly does: "include"; readonly path: string };

/** When a standing rule fires, counted over the messages that its first line matches. */
export type When =
  | { readonly type: "always" }
  | { readonly type: "first"; readonly count: number }
  | { readonly type: "nth"; readonly count: number }
  | { readonly type: "after"; readonly count: number }
  | { readonly type: "percent"; readonly percent: number };

/** The head line of a block. */
export type Opener =
  | { readonly type: "repeat"; readonly times: number }
  | { readonly type: "optional" | "any number" | "one or more" | "either" }
  | { readonly type: "whenever"; readonly when: When };

interface Standing {
  readonly at: Place;
  /** An empty line stands above it. */
  readonly gap: boolean;
}

export interface Header extends Standing {
  readonly type: "header";
  readonly key: HeaderKey;
  readonly connection?: string;
  readonly text: string;
}

export interface Binding extends Standing {
  readonly type: "binding";
  readonly name: string;
  /** Its value is masked in every report. */
  readonly secret: boolean;
  readonly expression: Expression;
}

export interface Note extends Standing {
  readonly type: "note";
  /** Without the `#`, with the blank after it. */
  readonly text: string;
}

export interface Spoken extends Standing {
  readonly type: "spoken";
  readonly speaker: Role;
  readonly connection?: string;
  readonly mark: Mark;
  /** `raw`, `hex`, `b64`, `file`, one of the dialect's own, or empty. */
  readonly kind: string;
  readonly payload: Payload;
}

export interface Direction extends Standing {
  readonly type: "direction";
  readonly act: Act;
}

export interface Block extends Standing {
  readonly type: "block";
  readonly opener: Opener;
  /** One list of items; more than one only in `(either) … (or) … (end)`. */
  readonly branches: readonly (readonly Item[])[];
}

export type Item = Header | Binding | Note | Spoken | Direction | Block;

/** The bytes of a file, kept at the end of the script as in a txtar archive. */
export interface Attachment {
  readonly name: string;
  readonly text: string;
}

/** A whole `.exchange` file. */
export interface Script {
  readonly file: string;
  readonly items: readonly Item[];
  readonly attachments: readonly Attachment[];
}

const headers = new WeakMap<Script, readonly Header[]>();

/** The text of a header, of the main connection unless one is named; `undefined` when it is not given. */
export function headerOf(script: Script, key: HeaderKey, connection?: string): string | undefined {
  let found = headers.get(script);
  if (found === undefined) {
    found = script.items.filter((item) => item.type === "header");
    headers.set(script, found);
  }
  return found.find((header) => header.key === key && header.connection === connection)?.text;
}

/** A duration in milliseconds. */
export function milliseconds(duration: Duration): number {
  return duration.unit === "s" ? duration.amount * 1000 : duration.amount;
}
