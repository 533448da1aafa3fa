import type { Context } from "hono";
import type { Services } from "./services.ts";

/**
 * One call of the REST. The table of all of them (routes.ts) is what the server mounts and what
 * `/api/v1/openapi.json` is printed from, so neither can know a call that the other does not.
 */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With parameters in braces, as OpenAPI writes it: `/api/v1/message/{ID}`. */
  readonly path: string;
  readonly summary: string;
  /** Query parameters by name. */
  readonly query?: Readonly<Record<string, Schema>>;
  /** The body of the request. */
  readonly body?: Schema;
  /** The media type of a body that is not JSON. */
  readonly bodyType?: string;
  /** What is answered by status; `type` is JSON where there is a schema, plain text otherwise. */
  readonly answers: Readonly<Record<number, Answer>>;
  readonly answer: (context: Context, services: Services) => Response | Promise<Response>;
}

export interface Answer {
  readonly description: string;
  readonly type?: string;
  readonly schema?: Schema;
}

/** A JSON Schema (2020-12), as OpenAPI 3.1 uses it. */
export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: "string" };
export const whole: Schema = { type: "integer" };
export const yes: Schema = { type: "boolean" };
export const listOf = (items: Schema): Schema => ({ type: "array", items });
export const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: "object",
  properties,
});
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** The answer `ok` of the calls that change something. */
export const ok: Answer = { description: "Done: `ok`" };
export const badRequest: Answer = { description: "What is wrong with the request, as a sentence" };
export const missing: Answer = { description: "No such message: `404 page not found`" };
