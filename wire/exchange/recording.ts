import { bufferOf, textOf } from "./byte-string.ts";
import type { Dialect, Message } from "./dialect.ts";
import { dialectOf } from "./dialects.ts";
import { addressInCommand, addressInReply, type DataAddress } from "./ftp-addresses.ts";
import { plainParts, plainPayload } from "./print.ts";
import type { Beside } from "./recorded-bytes.ts";
import { RecordedData } from "./recorded-data.ts";
import { RecordedDns } from "./recorded-dns.ts";
import { areLines, stretchAsBytes, stretchAsLines, type Stretch } from "./recorded-stream.ts";
import type { Act, Item, Part, Payload, Role, Script, Spoken, TypeName } from "./script.ts";
import { Secrets } from "./secrets.ts";

/** What a recording is of. */
export interface RecordingOptions {
  readonly dialect: Dialect;
  /** The URL of the real server. */
  readonly target: string;
  readonly title: string;
  readonly startedMs: number;
  /** Every message is a datagram; without messages it is a stream otherwise. */
  readonly isDatagrams?: boolean;
}

/** A recording as a script, and the files that stand beside it because a script cannot hold their bytes. */
export interface Recorded {
  readonly script: Script;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A line of the script, or what only the end of the conversation can tell. */
type Step =
  | { readonly items: readonly Item[]; readonly verb?: string }
  | { readonly connects: RecordedData }
  | { readonly content: RecordedData }
  | { readonly stretch: Stretch };

const noPlace = { file: "", line: 0 };
/** Silence of this length is part of the conversation. */
const pauseMs = 500;
const transfers = /^(?:RETR|STOR|STOU|APPE|LIST|NLST|MLSD)\b/i;

/** Writes a conversation down as a script that can be played against the server and served to the client. */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #steps: Step[] = [direction({ does: "connects", actor: "C" })];
  readonly #secrets = new Secrets();
  readonly #dns = new RecordedDns();
  #target: string;
  #lastMs: number;
  /** Who has said goodbye on a WebSocket. */
  readonly #parting = new Set<Role>();
  /** The data connection that was agreed upon last. */
  #data: RecordedData | undefined;
  /** The one whose transfer has begun. */
  #moving: RecordedData | undefined;
  #count = 0;
  #hasQuit = false;
  #isOver = false;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#lastMs = options.startedMs;
    this.#target = options.target;
  }

  /** A message that went from one side to the other. */
  said(speaker: Role, message: Message, atMs: number): void {
    const { dialect } = this.#options;
    if (dialect.name === "message" && !this.#isTold(speaker, message)) return;
    this.#pause(speaker, atMs);
    if (dialect.isStream && !this.#options.isDatagrams) this.#stretch(speaker, message);
    else if (dialect.hasReplies) this.#command(speaker, message);
    else this.#steps.push({ items: this.#lines(speaker, message) });
  }

  #command(speaker: Role, message: Message): void {
    const { text } = message;
    const verb = /^[A-Za-z]+/.exec(text)?.[0].toUpperCase() ?? "";
    if (speaker === "C" && !message.inBody) this.#hasQuit ||= verb === "QUIT";
    const isLast = speaker === "S" && !text.startsWith("1");
    if (isLast && this.#moving) {
      this.#moving.isRefused = !text.startsWith("2");
      this.#steps.push({ content: this.#moving });
      this.#moving = undefined;
    }
    this.#steps.push({ items: this.#lines(speaker, message), ...(message.inBody ? {} : { verb }) });
    if (speaker === "C" && this.#data && !message.inBody && transfers.test(text)) {
      this.#moving = this.#data;
      this.#data = undefined;
      this.#steps.push({ connects: this.#moving });
    }
  }

  /** Both sides speak TLS from now on. */
  secured(): void {
    this.#steps.push(direction({ does: "starts TLS" }));
  }

  /** The next message holds the address of a data connection on which this side listens. */
  dataListens(listener: Role): RecordedData {
    const name = this.#count++ === 0 ? "data" : `data${this.#count}`;
    const data = new RecordedData(name, listener);
    this.#data = data;
    const step = direction({ does: "listens", actor: listener, connection: name });
    // Whoever listens does so before the address is told, and the server before it is asked.
    const asked = this.#steps.findLastIndex((one) => "verb" in one && /^E?PA?SV$/.test(one.verb ?? ""));
    if (listener === "S" && asked !== -1) this.#steps.splice(asked, 0, step);
    else this.#steps.push(step);
    return data;
  }

  /** One side has ended its half, or the connection was reset. */
  ended(speaker: Role, how: "closed" | "reset"): void {
    // After QUIT it is a matter of luck who is first; a script that ends there closes as well.
    if ((this.#hasQuit && speaker === "C") || this.#parting.size === 2) return;
    if (this.#isOver) return;
    this.#isOver = true;
    this.#steps.push(direction({ does: how === "closed" ? "closes" : "resets", actor: speaker }));
  }

  /**
   * What was recorded so far.
   * @param name what the names of files beside the script begin with
   */
  finish(name = "recorded"): Recorded {
    const beside: Beside = { script: name, attachments: [], files: new Map() };
    const stretches = this.#steps.flatMap((step) => ("stretch" in step ? [step.stretch] : []));
    const isLines = areLines(stretches);
    const items = this.#steps.flatMap((step): readonly Item[] => {
      if ("items" in step) return step.items;
      if ("connects" in step) return step.connects.connecting();
      if ("content" in step) return step.content.content(beside);
      const { stretch } = step;
      return isLines
        ? stretchAsLines(stretch)
        : stretchAsBytes(stretch, stretches.indexOf(stretch) + 1, beside);
    });
    const isStream = this.#options.dialect.isStream === true && !this.#options.isDatagrams;
    const dialect = isStream && isLines ? "line" : this.#options.dialect.name;
    const usual = dialectOf(this.#target)?.name ?? "line";
    const head: Item[] = [
      header("title", this.#options.title),
      header("target", this.#target),
      ...(dialect === usual ? [] : [header("dialect", dialect)]),
      ...this.#secrets.bindings(),
    ];
    const [first, ...rest] = items;
    const body = first ? [{ ...first, gap: true }, ...rest] : [];
    const { attachments, files } = beside;
    return { script: { file: "", items: [...head, ...body], attachments }, files };
  }

  /**
   * Whether a WebSocket message is a line of the script. The handshake is not, but the path that it asks for is the
   * target's; nor are pings and pongs, which come by the clock and are answered by whoever performs a script.
   */
  #isTold(speaker: Role, { kind, raw }: Message): boolean {
    if (kind === "close") this.#parting.add(speaker);
    if (kind !== "raw") return kind !== "ping" && kind !== "pong";
    const [line = ""] = raw.split("\r\n", 1);
    const path = /^GET (\S+) /.exec(line)?.[1];
    if (speaker === "C" && path !== undefined) this.#target = new URL(path, this.#target).href;
    const isRefusal = speaker === "S" && line.startsWith("HTTP/") && !/^\S+ 101\b/.test(line);
    if (isRefusal)
      this.#steps.push({ items: [{ type: "note", at: noPlace, gap: false, text: ` refused: ${line}` }] });
    return false;
  }

  #stretch(speaker: Role, { raw }: Message): void {
    const bytes = Buffer.from(raw, "latin1");
    const last = this.#steps.at(-1);
    if (last !== undefined && "stretch" in last && last.stretch.speaker === speaker)
      last.stretch.chunks.push(bytes);
    else this.#steps.push({ stretch: { speaker, chunks: [bytes] } });
  }

  #pause(speaker: Role, atMs: number): void {
    const waitedMs = Math.round(atMs - this.#lastMs);
    this.#lastMs = atMs;
    if (waitedMs < pauseMs) return;
    this.#steps.push(
      direction({ does: "waits", actor: speaker, duration: { amount: waitedMs, unit: "ms" } }),
    );
  }

  #lines(speaker: Role, message: Message): Item[] {
    if (message.isSecret) return [spoken(speaker, "", line(this.#secrets.parts(message.text)))];
    if (this.#options.dialect.name === "dns" && message.kind === "")
      return [spoken(speaker, "", line(this.#dns.parts(message.text)))];
    // A datagram that is no text is told in digits.
    const isBytes = message.kind === "raw" || this.#options.dialect.isStream === true;
    if (isBytes && this.#options.isDatagrams && !isText(message.raw))
      return [spoken(speaker, "hex", plainPayload(hexOf(message.raw)))];
    const address = speaker === "S" ? addressInReply(message.text) : addressInCommand(message.text);
    if (address && this.#data?.listener === speaker) {
      return [spoken(speaker, "", line(withAddress(message.text, address, this.#data.name)))];
    }
    // Which preliminary reply it is (125 or 150) depends on who is first, and says nothing.
    const shown = isPreliminary(speaker, message)
      ? [message.text.replace(/^1\d\d/, "1xx")]
      : this.#options.dialect.show(message);
    return shown.map((text) => spoken(speaker, message.kind, plainPayload(text)));
  }
}

function withAddress(text: string, { before, after }: DataAddress, name: string): Part[] {
  const kind: TypeName = /^(?:227|PORT)/i.test(text) ? "pasv" : text.startsWith("229") ? "epsv" : "eprt";
  const words = before.trimEnd();
  const blank: Part = { type: "literal", text: before.slice(words.length) };
  return [...plainParts(words), blank, { type: "slot", name, kind }, ...plainParts(after)];
}

/** Text without control characters but for line ends and tabs. */
function isText(bytes: string): boolean {
  return textOf(bytes) !== undefined && !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(bytes);
}

/** Pairs of digits with blanks between them. */
function hexOf(bytes: string): string {
  return bufferOf(bytes)
    .toString("hex")
    .replaceAll(/(?<=^(?:..)+)(?=.)/g, " ");
}

function header(key: "title" | "target" | "dialect", text: string): Item {
  return { type: "header", at: noPlace, gap: false, key, text };
}

function isPreliminary(speaker: Role, { text }: Message): boolean {
  return speaker === "S" && /^1[2-9]\d [^\n]*$/.test(text);
}

function direction(act: Act): { readonly items: readonly Item[] } {
  return { items: [{ type: "direction", at: noPlace, gap: false, act }] };
}

function spoken(speaker: Role, kind: string, payload: Payload): Spoken {
  return { type: "spoken", at: noPlace, gap: false, speaker, mark: "", kind, payload };
}

function line(parts: readonly Part[]): Payload {
  return { lines: [parts], below: false, rest: false };
}
