import { STATUS_CODES } from "node:http";
import type { Refusal } from "./refusal.ts";

/** An answer of the proxy itself. */
export interface OwnAnswer {
  readonly status: number;
  /** A sentence for people. */
  readonly text: string;
  readonly fields?: readonly string[];
  /** @default false */
  readonly keepsOpen?: boolean;
  /** HEAD gets no body. */
  readonly method?: string;
}

/** An answer in bytes. */
export function printAnswer({ status, text, fields = [], keepsOpen = false, method }: OwnAnswer): string {
  const body = `${text}\n`;
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}`,
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...fields,
    `Connection: ${keepsOpen ? "keep-alive" : "close"}`,
    "",
    method === "HEAD" ? "" : body,
  ].join("\r\n");
}

/** Why a target was not reached (Proxy-Status: RFC 9209). */
export function printRefusal({ words, message }: Refusal, method: string): string {
  const fields = [`Proxy-Status: portside; error=${words.proxyError}`];
  return printAnswer({ status: words.status, text: message, fields, method });
}

/** Who has to log in, and how (RFC 9110 section 11.7, RFC 7617). */
export function printLoginAsked(method: string, keepsOpen: boolean): string {
  const fields = ['Proxy-Authenticate: Basic realm="portside", charset="UTF-8"'];
  return printAnswer({ status: 407, text: "log in to use this proxy", fields, keepsOpen, method });
}
