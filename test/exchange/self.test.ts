import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { playExchange } from "../../clients/exchange/index.ts";
import { serveExchange } from "../../servers/exchange/index.ts";

const folder = fileURLToPath(new URL("../exchanges/examples/", import.meta.url));
const scripts = readdirSync(folder).filter((name) => !name.startsWith("7-"));

test.each(scripts)("our server and our client agree on %s", async (name) => {
  await using served = await serveExchange(`${folder}${name}`, { timeoutMs: 1000 });
  const played = await playExchange(`${folder}${name}`, { target: served.url, timeoutMs: 1000 });
  expect(played.failure).toBeUndefined();
  expect((await served.done).failure).toBeUndefined();
});
