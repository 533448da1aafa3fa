import type { Client } from "../client.ts";
import type { Answer, Command } from "../command.ts";
import { array, bulk, bulkOrNil, bulks, nil } from "../reply.ts";
import { poppingFirst, poppingSide, serveOrWait, timeoutOf } from "./blocking.ts";
import { type End, endNamed, moveItem, popFrom } from "./list.ts";
import { List } from "../values/list.ts";

export function popping(name: string, end: End): Command {
  return poppingFirst(name, ["write", "blocking"], ({ db, engine }, key) => {
    const list = db.of(key, List);
    if (!list) return undefined;
    const [item] = popFrom(list, end, 1);
    db.changed(key);
    engine.instead(end === "left" ? "LPOP" : "RPOP", key);
    return bulks([key, item!]);
  });
}

export function poppingMany(name: string, from: 1 | 2): Command {
  return poppingSide(name, from, endNamed, ({ db, engine }, key, end, count) => {
    const list = db.of(key, List);
    if (!list) return undefined;
    const items = popFrom(list, end, count);
    db.changed(key);
    engine.instead(end === "left" ? "LPOP" : "RPOP", key, String(count));
    return array([bulk(key), bulks(items)]);
  });
}

export function moving(
  client: Client,
  from: string,
  to: string,
  ends: readonly [End, End],
  timeout: string,
): Answer {
  const { engine, version } = client;
  const timeoutMs = timeoutOf(timeout);
  const serve = (): string | undefined => {
    const item = moveItem(client, from, to, ...ends);
    if (item === undefined) return undefined;
    engine.instead("LMOVE", from, to, ...ends);
    return bulkOrNil(version, item);
  };
  return serveOrWait(client, [from], timeoutMs, serve, nil(version));
}
