import { scanning } from "../families/scan.ts";
import { Members } from "../values/members.ts";

export const sScan = scanning(
  "sscan",
  ({ db }, key) => db.of(key, Members)?.members,
  (member) => [member],
);
