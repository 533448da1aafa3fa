import { bulk, map } from "../reply.ts";
import { looking } from "../families/hash.ts";

export const hGetAll = looking("hgetall", (fields, { version }) =>
  map(
    version,
    [...fields].flatMap(([field, value]) => [bulk(field), bulk(value)]),
  ),
);
