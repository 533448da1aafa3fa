import type { WebQuestion } from "./options.ts";

/** The head of a question as it leaves; what the caller says wins over what would be added. */
export function questionHead(
  { method = "GET", headers = {}, body }: WebQuestion,
  target: string,
  host: string,
): Buffer {
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((one) => [name, one] as const),
  );
  const has = (name: string): boolean => fields.some(([own]) => own.toLowerCase() === name);
  if (!has("host")) fields.unshift(["host", host]);
  if (body !== undefined && !has("content-length") && !has("transfer-encoding")) {
    const isWhole = typeof body === "string" || body instanceof Uint8Array;
    fields.push(
      isWhole ? ["content-length", String(Buffer.byteLength(body))] : ["transfer-encoding", "chunked"],
    );
  }
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`, "latin1");
}
