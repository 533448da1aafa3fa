import { scanning } from "../families/scan.ts";
import { Hash } from "../values/hash.ts";

export const hScan = scanning(
  "hscan",
  ({ db }, key) => db.of(key, Hash)?.fields,
  (field, fields) => [field, String(fields.get(field))],
);
