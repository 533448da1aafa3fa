import type { Connection, Said } from "../../wire/connection.ts";
import type { Floor } from "../../wire/interceptor.ts";
import type { Passage } from "../../wire/passage.ts";
import type { Outcome } from "./answering.ts";
import { type AnswerWriter, piecesIn } from "./answer-writer.ts";
import { framingOf, headText } from "./head-writer.ts";
import { type Answer, bytesBody, textAnswer } from "./reply.ts";
import type { WebRequest } from "./request.ts";
import { isScript } from "./script.ts";

/** Whoever has the turn that a rule takes over. */
interface FloorHolder {
  /** Have the request answered, without sending it. */
  answer(): Promise<Outcome>;
  /** Whether the connection ends behind this answer. */
  isLast(): boolean;
  /** The rule has said the last word. */
  ended(): void;
  record(text: string): void;
}

/** What a rule can do with one request: let it be answered and do something to that, or answer in its place. */
export class WebFloor implements Floor {
  /** The rule has ended the connection. */
  isOver = false;
  readonly #connection: Connection;
  readonly #writer: AnswerWriter;
  readonly #request: WebRequest;
  readonly #holder: FloorHolder;

  constructor(connection: Connection, writer: AnswerWriter, request: WebRequest, holder: FloorHolder) {
    this.#connection = connection;
    this.#writer = writer;
    this.#request = request;
    this.#holder = holder;
  }

  get incoming(): Passage {
    return this.#connection.incoming;
  }

  get outgoing(): Passage {
    return this.#connection.outgoing;
  }

  get gone(): Promise<void> {
    return this.#writer.left;
  }

  /** The whole answer as the bytes that would leave; it is held in memory. */
  async pass(): Promise<Said> {
    const outcome = await this.#holder.answer();
    if (isScript(outcome))
      return Buffer.concat(outcome.acts.map((act) => ("say" in act ? Buffer.from(act.say) : empty)));
    this.#request.status = outcome.status;
    const pieces: Buffer[] = [];
    // A piece of a file is used again for the next but one: each is copied.
    for await (const piece of piecesIn(outcome.body)) pieces.push(Buffer.from(piece as Uint8Array));
    return this.#bytesOf(outcome, Buffer.concat(pieces));
  }

  /** Say this at once. What faults of every protocol say in lines, `503 try again later`, leaves as a response. */
  say(said: Said): void {
    const line = /^(?<code>\d{3})[ -](?<text>[^]*?)\r\n$/.exec(typeof said === "string" ? said : "");
    const { code, text = "" } = line?.groups ?? {};
    const bytes =
      code === undefined || Number(code) < 200
        ? Buffer.from(said as Uint8Array)
        : this.#bytesOf(textAnswer(Number(code), `${text}\n`), Buffer.from(`${text}\n`));
    const head = /^HTTP\/1\.1 (?<status>\d{3})[^]*?(?=\r\n\r\n)/.exec(bytes.toString("latin1", 0, 16_384));
    if (head) this.#holder.record(head[0].replaceAll("\r\n", "\n"));
    if (head && code !== undefined) this.#request.status = Number(code);
    this.#request.sentBytes = (this.#request.sentBytes ?? 0) + bytes.length;
    this.#connection.say(bytes);
    this.#connection.flush();
  }

  async wait(delayMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.gone, new Promise((resolve) => (timer = setTimeout(resolve, delayMs)))]);
    clearTimeout(timer);
  }

  end(): void {
    this.isOver = true;
    this.#holder.ended();
    this.#connection.end();
  }

  reset(): void {
    this.isOver = true;
    this.#holder.ended();
    this.#connection.reset();
  }

  #bytesOf(answer: Answer, body: Buffer): Buffer {
    const { method, version } = this.#request;
    const isHead = method === "HEAD";
    const framing = framingOf(isHead ? answer : { ...answer, body: bytesBody(body) }, isHead, version);
    const closes = answer.closes === true || this.#holder.isLast();
    const connection = closes ? "close" : version === "1.0" ? "keep-alive" : undefined;
    const head = Buffer.from(headText(answer, framing, connection), "latin1");
    return isHead || framing === "none" ? head : Buffer.concat([head, body]);
  }
}

const empty = Buffer.alloc(0);
