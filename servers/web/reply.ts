import { isFieldValue, isToken } from "../../wire/http-fields.ts";
import type { FileSlice } from "./file-slice.ts";
import type { Script } from "./script.ts";
import type { WebRequest } from "./request.ts";
import { statusText } from "./status.ts";

/** Answers a request. What it throws is answered 500. */
export type WebHandler = (request: WebRequest) => WebReply | Promise<WebReply>;

/**
 * What a handler may give: text, bytes, a response in words, one of `fetch`, a script that says exactly what leaves, or
 * nothing (204).
 */
export type WebReply = string | Uint8Array | WebResponse | Response | Script | undefined;

/** A response in words. */
export interface WebResponse {
  /** @default 200 */
  readonly status?: number;
  /** What stands behind the status. @default the usual phrase */
  readonly reason?: string;
  /** Fields; a list makes a line for each of its values. */
  readonly headers?: Readonly<Record<string, string | number | readonly string[]>>;
  /** A stream leaves in chunks as it comes, or as long as a Content-Length says. @default none */
  readonly body?: string | Uint8Array | AsyncIterable<string | Uint8Array>;
}

/** Bytes that leave: at hand, parts of a file, or as they come. */
export type AnswerBody =
  | {
      readonly kind: "parts";
      readonly parts: readonly (Uint8Array | FileSlice)[];
      readonly byteCount: number;
    }
  | {
      readonly kind: "stream";
      readonly pieces: AsyncIterable<string | Uint8Array>;
      /** How much will come, when it is known. */
      readonly byteCount: number | undefined;
    };

/** What will be answered: every reply becomes one. */
export interface Answer {
  readonly status: number;
  readonly reason?: string | undefined;
  /** Name, value, …; without Date, Connection and what says how long the body is. */
  readonly fields: readonly string[];
  readonly body: AnswerBody;
  /** What a response to HEAD says of a body that it does not have. */
  readonly statedLength?: string;
  /** Close the connection behind it. */
  readonly closes?: boolean;
}

const noBody: AnswerBody = { kind: "parts", parts: [], byteCount: 0 };

/**
 * A reply as an answer.
 * @throws TypeError for fields that could not be read as they were meant
 */
export function answerOf(reply: Exclude<WebReply, Script>): Answer {
  if (reply === undefined) return { status: 204, fields: [], body: noBody };
  if (typeof reply === "string") return textAnswer(200, reply);
  if (reply instanceof Uint8Array) {
    return { status: 200, fields: ["content-type", "application/octet-stream"], body: bytesBody(reply) };
  }
  if (isFetchResponse(reply)) return fetchAnswer(reply);
  const { status = 200, reason, headers = {}, body } = reply;
  if (!Number.isInteger(status) || status < 200 || status > 999) {
    throw new TypeError(`a response's status is 200 to 999, not ${status}; wrong.interim() sends 1xx`);
  }
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as readonly string[]) : [String(value)]).flatMap((one) => [name, one]),
  );
  if (typeof body === "string" && !fields.some((text, at) => at % 2 === 0 && /^content-type$/i.test(text))) {
    fields.push("content-type", "text/plain; charset=utf-8");
  }
  return { status, reason, ...framed(fields, body) };
}

/** A short text, as errors have it. */
export function textAnswer(status: number, text: string, fields: readonly string[] = []): Answer {
  return {
    status,
    fields: ["content-type", "text/plain; charset=utf-8", ...fields],
    body: bytesBody(Buffer.from(text)),
  };
}

/** An answer to what cannot be answered: why, and the connection ends behind it. */
export function refusal(status: number, why: string): Answer {
  return { ...textAnswer(status, `${statusText(status)}: ${why}\n`), closes: true };
}

/** A value as JSON. */
export function json(value: unknown, response: Omit<WebResponse, "body"> = {}): WebResponse {
  return {
    ...response,
    headers: { "content-type": "application/json", ...response.headers },
    body: JSON.stringify(value),
  };
}

export function bytesBody(bytes: Uint8Array): AnswerBody {
  return { kind: "parts", parts: [bytes], byteCount: bytes.length };
}

/** Asked by its name: to touch the class would load all of fetch. */
function isFetchResponse(reply: object): reply is Response {
  return Object.prototype.toString.call(reply) === "[object Response]";
}

function fetchAnswer(response: Response): Answer {
  const fields = [...response.headers].flat();
  return {
    status: response.status,
    reason: response.statusText === "" ? undefined : response.statusText,
    ...framed(fields, response.body ?? undefined),
  };
}

/** How long a body is, is said by whoever sends it: what the handler says of it is taken out, and held to. */
function framed(
  given: readonly string[],
  body: WebResponse["body"],
): Pick<Answer, "fields" | "body" | "statedLength"> {
  const fields: string[] = [];
  let stated: string | undefined;
  for (let index = 0; index < given.length; index += 2) {
    const name = given[index]!;
    const value = given[index + 1]!;
    if (!isToken(name)) throw new TypeError(`"${name}" is no field name; wrong.exactly() sends any bytes`);
    if (!isFieldValue(value)) {
      throw new TypeError(
        `the value of ${name} has characters that a field cannot have; wrong.exactly() sends any bytes`,
      );
    }
    const lower = name.toLowerCase();
    if (lower === "content-length") stated = value;
    else if (lower === "transfer-encoding")
      throw new TypeError("transfer-encoding is said by the server itself");
    else fields.push(name, value);
  }
  if (body === undefined)
    return { fields, body: noBody, ...(stated === undefined ? {} : { statedLength: stated }) };
  if (typeof body !== "string" && !(body instanceof Uint8Array)) {
    const byteCount = stated === undefined ? undefined : Number(stated);
    return { fields, body: { kind: "stream", pieces: body, byteCount } };
  }
  const bytes = Buffer.from(body);
  if (stated !== undefined && stated !== String(bytes.length)) {
    throw new TypeError(
      `content-length says ${stated}, but the body has ${bytes.length} bytes; wrong.length() lies on purpose`,
    );
  }
  return { fields, body: bytesBody(bytes) };
}
