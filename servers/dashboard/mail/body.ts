import type { Context } from "hono";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";

/** The fields of a JSON body; an empty body has none. @throws Refusal 400, 413 */
export async function jsonBody(
  context: Context,
  services: Services,
): Promise<Readonly<Record<string, unknown>>> {
  const body = await textBody(context, services.settings.maxRequestBytes);
  if (body.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new Refusal(400, `the body is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(400, "the body must be a JSON object");
  }
  return value as Record<string, unknown>;
}

async function textBody(context: Context, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of context.req.raw.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Refusal(413, `the body is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A field that is a list of strings, or absent. @throws Refusal 400 */
export function stringList(body: Readonly<Record<string, unknown>>, name: string): string[] {
  const value = body[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((one): one is string => typeof one === "string")) {
    throw new Refusal(400, `${name} must be a list of strings`);
  }
  return value;
}

/** A field that is a string, or absent. @throws Refusal 400 */
export function stringField(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name] ?? "";
  if (typeof value !== "string") throw new Refusal(400, `${name} must be a string`);
  return value;
}
