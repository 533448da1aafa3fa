import type { Dialect, Message } from "./dialect.ts";
import { addressInCommand, addressInReply, type DataAddress } from "./ftp-addresses.ts";
import { plainParts, plainPayload } from "./print.ts";
import { RecordedData } from "./recorded-data.ts";
import type { Act, Attachment, Item, Part, Payload, Role, Script, Spoken, TypeName } from "./script.ts";
import { Secrets } from "./secrets.ts";

/** What a recording is of. */
export interface RecordingOptions {
  readonly dialect: Dialect;
  /** The URL of the real server. */
  readonly target: string;
  readonly title: string;
  readonly startedMs: number;
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
  | { readonly content: RecordedData };

const noPlace = { file: "", line: 0 };
/** Silence of this length is part of the conversation. */
const pauseMs = 500;
const transfers = /^(?:RETR|STOR|STOU|APPE|LIST|NLST|MLSD)\b/i;

/** Writes a conversation down as a script that can be played against the server and served to the client. */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #steps: Step[] = [direction({ does: "connects", actor: "C" })];
  readonly #secrets = new Secrets();
  #lastMs: number;
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
  }

  /** A message that went from one side to the other. */
  said(speaker: Role, message: Message, atMs: number): void {
    this.#pause(speaker, atMs);
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
    if (this.#hasQuit && speaker === "C") return;
    if (this.#isOver) return;
    this.#isOver = true;
    this.#steps.push(direction({ does: how === "closed" ? "closes" : "resets", actor: speaker }));
  }

  /**
   * What was recorded so far.
   * @param name what the names of files beside the script begin with
   */
  finish(name = "recorded"): Recorded {
    const attachments: Attachment[] = [];
    const files = new Map<string, Uint8Array>();
    const items = this.#steps.flatMap((step): readonly Item[] => {
      if ("items" in step) return step.items;
      if ("connects" in step) return step.connects.connecting();
      return step.content.content(name, attachments, files);
    });
    const { title, target } = this.#options;
    const head: Item[] = [
      { type: "header", at: noPlace, gap: false, key: "title", text: title },
      { type: "header", at: noPlace, gap: false, key: "target", text: target },
      ...this.#secrets.bindings(),
    ];
    const [first, ...rest] = items;
    const body = first ? [{ ...first, gap: true }, ...rest] : [];
    return { script: { file: "", items: [...head, ...body], attachments }, files };
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
