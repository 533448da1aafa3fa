import { STATUS_CODES } from "node:http";

/** `HTTP/1.1 404 Not Found` and its line end. */
export function statusLine(status: number, reason: string = STATUS_CODES[status] ?? ""): string {
  return `HTTP/1.1 ${status} ${reason}\r\n`;
}

/** `404 Not Found` */
export function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ""}`.trim();
}
