import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { tryExchange } from "../../clients/exchange/index.ts";
import { parseZoneFile, startDns } from "../../servers/dns/index.ts";
import { serveExchange } from "../../servers/exchange/index.ts";
import { startProxy } from "../../servers/proxy/index.ts";
import { startStore } from "../../servers/store/index.ts";
import { startWeb, type WebHandler } from "../../servers/web/index.ts";
import { loadScript } from "../../wire/exchange/load.ts";
import { mutations } from "../../wire/exchange/mutate.ts";
import { textReport } from "../../wire/exchange/reports/text.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { startNginx } from "../web/nginx.ts";
import { startRedis } from "./peers/peers.ts";
import { startDante, startNsd, startTinyproxy } from "./peers/programs.ts";

/* The exchange files of the web server, the proxies, the store and the name server: each is played against ours, and
   against the server of somebody else that shows the same. */

const folder = fileURLToPath(new URL("../exchanges/", import.meta.url));

function filesOf(kind: string): string[] {
  return readdirSync(`${folder}${kind}`).map((file) => file.replace(".exchange", ""));
}

const zone = `$ORIGIN example.test.
$TTL 60
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
@ MX 10 mail
@ TXT "v=spf1 -all"
ns A 192.0.2.1
mail A 192.0.2.2
www A 192.0.2.7
www AAAA 2001:db8::7
alias CNAME www
*.wild A 192.0.2.9
`;

/** A server to play against, and what the scripts may see of the environment. */
interface Stage extends AsyncDisposable {
  readonly target: string;
  readonly environment?: (name: string) => string | undefined;
}

function pages(): Disposable & { readonly path: string } {
  const files = scratch();
  files.file("hello.txt", "hello\n");
  return files;
}

async function ownWeb(): Promise<Stage> {
  const files = pages();
  const swallow: WebHandler = async ({ body }) => `answered ${await body.text()}`;
  const web = await startWeb({ root: files.path, routes: { "POST /": swallow } });
  return { target: `tcp://127.0.0.1:${web.port}`, [Symbol.asyncDispose]: () => closed(web, files) };
}

async function nginx(): Promise<Stage> {
  const files = pages();
  const own = scratch();
  const server = await startNginx(own.path, files.path);
  return {
    target: `tcp://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => closed(server, own, files),
  };
}

/** A proxy in front of a web server of ours. */
async function inFront(start: () => Promise<{ readonly port: number } & AsyncDisposable>): Promise<Stage> {
  const files = pages();
  const web = await startWeb({ root: files.path });
  const proxy = await start();
  const hexPort = web.port.toString(16).padStart(4, "0");
  const environment = (name: string): string | undefined =>
    ({ ORIGIN: `127.0.0.1:${web.port}`, ORIGIN_PORT: hexPort })[name];
  return {
    target: `tcp://127.0.0.1:${proxy.port}`,
    environment,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await closed(web, files);
    },
  };
}

async function closed(server: AsyncDisposable, ...files: readonly Disposable[]): Promise<void> {
  await server[Symbol.asyncDispose]();
  for (const one of files) one[Symbol.dispose]();
}

async function passes(file: string, start: () => Promise<Stage>): Promise<void> {
  await using stage = await start();
  const { target, environment } = stage;
  const outcome = await tryExchange(`${folder}${file}.exchange`, {
    target,
    timeoutMs: 3_000,
    ...(environment && { environment }),
  });
  expect(outcome.failure && textReport(outcome)).toBeUndefined();
}

/** What nginx does otherwise, and why ours does not. */
const notNginx: Readonly<Record<string, string>> = {
  "web/curl": "served to curl",
  "web/refused-bare-line-feed": "it takes a bare LF for a line end, which RFC 9112 section 2.2 allows",
  "web/refused-chunk-size": "it answers what it will not do before it reads the body",
};

describe("web:", () => {
  const names = filesOf("web").map((name) => `web/${name}`);
  test.each(names.filter((name) => name !== "web/curl"))("%s plays against Portside", (file) =>
    passes(file, ownWeb),
  );

  test.each(names.filter((name) => !(name in notNginx)))("%s plays against nginx", needs("nginx"), (file) =>
    passes(file, nginx),
  );

  test("web/curl is served to curl", needs("curl"), async () => {
    await using served = await serveExchange(`${folder}web/curl.exchange`);
    const { stdout } = await runTool("curl", ["-sS", `${served.url.replace("tcp:", "http:")}/page`]);
    expect(stdout).toBe("hello");
    await served.done;
  });
});

describe("proxy:", () => {
  const peers = {
    connect: startTinyproxy,
    absolute: startTinyproxy,
    socks5: startDante,
    "socks5-refused": startDante,
  };

  test.each(filesOf("proxy"))("%s plays against Portside", (name) =>
    passes(`proxy/${name}`, () => inFront(() => startProxy({ allow: ["loopback"] }))),
  );

  test.each(Object.entries(peers))(
    "%s plays against somebody else's",
    needs("tinyproxy", "danted"),
    (name, start) => passes(`proxy/${name}`, () => inFront(start)),
  );
});

describe("store:", () => {
  const own = async (): Promise<Stage> => {
    const store = await startStore();
    return { target: store.url, [Symbol.asyncDispose]: () => store.close() };
  };
  const redis = async (): Promise<Stage> => {
    const server = await startRedis();
    return { target: server.url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  };

  test.each(filesOf("store"))("%s plays against Portside", (name) => passes(`store/${name}`, own));
  test.each(filesOf("store"))("%s plays against Redis", needs("redis-server"), (name) =>
    passes(`store/${name}`, redis),
  );
});

describe("dns:", () => {
  const own = async (): Promise<Stage> => {
    const dns = await startDns({ zones: { "example.test": parseZoneFile(zone) } });
    return { target: dns.url, [Symbol.asyncDispose]: () => dns.close() };
  };
  const nsd = async (): Promise<Stage> => {
    const server = await startNsd(zone);
    return {
      target: `dns://127.0.0.1:${server.port}`,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  };

  test.each(filesOf("dns"))("%s plays against Portside", (name) => passes(`dns/${name}`, own));
  test.each(filesOf("dns"))("%s plays against NSD", needs("nsd"), (name) => passes(`dns/${name}`, nsd));
});

test.each(["store", "dns"].flatMap((kind) => filesOf(kind).map((name) => `${kind}/${name}`)))(
  "%s asserts with each line of the server",
  async (file) => {
    const loaded = loadScript(`${folder}${file}.exchange`, file);
    for (const { script, before, after } of mutations(loaded.script)) {
      await using store = file.startsWith("store")
        ? await startStore()
        : await startDns({ zones: { "example.test": parseZoneFile(zone) } });
      const outcome = await tryExchange({ ...loaded, script }, { target: store.url, timeoutMs: 500 });
      expect(outcome.failure, `${before} → ${after}`).toBeDefined();
    }
  },
);
