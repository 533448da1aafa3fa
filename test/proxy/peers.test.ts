import { ProxyAgent, Socks5ProxyAgent, request } from "undici";
import { describe, expect, test } from "vitest";
import { startProxy } from "../../servers/proxy/index.ts";
import { launch, needsBrowser } from "../dashboard/browser.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { startOrigin } from "./origin.ts";

const users = { ann: "secret" };

describe("curl", needs("curl"), () => {
  test.each([
    ["-x", "http", "http"],
    ["-p -x", "http", "connect"],
    ["--socks5", "", "socks5"],
    ["--socks5-hostname", "", "socks5"],
    ["--socks4", "", "socks4"],
    ["--socks4a", "", "socks4"],
  ])("%s: all on one port", async (flags, scheme, protocol) => {
    await using origin = await startOrigin();
    await using proxy = await startProxy();
    const where = `${scheme === "" ? "" : "http://"}127.0.0.1:${proxy.port}`;
    const name = `localhost:${origin.port}`;
    const run = await runTool("curl", [
      "-sS",
      "--noproxy",
      "",
      ...flags.split(" "),
      where,
      `http://${name}/path?a=b`,
    ]);
    expect(JSON.parse(run.stdout)).toMatchObject({ method: "GET", url: "/path?a=b" });
    const request = await proxy.waitForRequest({ protocol: protocol as "http" });
    // --socks5 and --socks4 look names up themselves.
    expect(request.host).toBe(/^--socks[45]$/.test(flags) ? "127.0.0.1" : "localhost");
    expect(request.address).toBe("127.0.0.1");
    await request.ended;
    expect(request.bytesFromTarget).toBeGreaterThan(run.stdout.length);
  });

  test("a user and a password, in HTTP and in SOCKS 5, and nobody without them", async () => {
    await using origin = await startOrigin();
    await using proxy = await startProxy({ users });
    const get = async (...flags: string[]): Promise<number | null> => {
      const run = await runTool("curl", ["-sSf", "--noproxy", "", ...flags, origin.url], { codes: "any" });
      return run.code;
    };
    const at = `127.0.0.1:${proxy.port}`;
    expect(await get("-x", `http://ann:secret@${at}`)).toBe(0);
    expect(await get("--proxy-anyauth", "-x", `http://ann:secret@${at}`)).toBe(0);
    expect(await get("-x", `socks5://ann:secret@${at}`)).toBe(0);
    expect(await get("-x", `http://ann:wrong@${at}`)).toBe(22);
    expect(await get("-p", "-x", `http://${at}`)).toBe(22);
    expect(await get("-x", `socks5://ann:wrong@${at}`)).toBe(97);
    expect(await get("-x", `socks5://${at}`)).toBe(97);
    expect(await get("-x", `socks4a://ann@${at}`)).toBe(97);
    expect(proxy.requests().filter(({ refusal }) => refusal === undefined)).toMatchObject([
      { protocol: "http", user: "ann" },
      { protocol: "http", user: "ann" },
      { protocol: "socks5", user: "ann" },
    ]);
  });

  test("uploads with a length and in chunks, and keeps its connection for the next request", async () => {
    await using origin = await startOrigin();
    await using proxy = await startProxy();
    using folder = scratch();
    const body = "x".repeat(300_000);
    const file = folder.file("body", body);
    const post = ["-sS", "--noproxy", "", "-x", proxy.url, "--data-binary", `@${file}`, `${origin.url}/one`];
    const run = await runTool("curl", [...post, "--next", ...post, "-H", "Transfer-Encoding: chunked"]);
    const answers = run.stdout
      .split("}")
      .slice(0, 2)
      .map((text) => JSON.parse(`${text}}`) as { body: string });
    expect(answers.map((answer) => answer.body.length)).toEqual([body.length, body.length]);
    const ports = proxy.requests().map(({ clientPort }) => clientPort);
    expect(new Set(ports).size).toBe(1);
  });
});

test("proxychains4 leads a program through SOCKS 5 and HTTP", needs("proxychains4", "curl"), async () => {
  await using origin = await startOrigin();
  await using proxy = await startProxy({ users });
  using folder = scratch();
  for (const [type, protocol] of [
    ["socks5", "socks5"],
    ["http", "connect"],
  ] as const) {
    const settings = ["strict_chain", "[ProxyList]", `${type} 127.0.0.1 ${proxy.port} ann secret`];
    const file = folder.file(`${type}.conf`, `${settings.join("\n")}\n`);
    const run = await runTool("proxychains4", [
      "-q",
      "-f",
      file,
      "curl",
      "-sS",
      "--noproxy",
      "*",
      origin.url,
    ]);
    expect(JSON.parse(run.stdout)).toMatchObject({ method: "GET" });
    expect(await proxy.waitForRequest({ protocol })).toMatchObject({ user: "ann", port: origin.port });
  }
});

test.each(["http", "socks5", "socks4"])("ncat --proxy-type %s", needs("ncat"), async (type) => {
  await using origin = await startOrigin();
  await using proxy = await startProxy();
  const where = [
    "--proxy",
    `127.0.0.1:${proxy.port}`,
    "--proxy-type",
    type,
    "127.0.0.1",
    String(origin.port),
  ];
  const run = await runTool("ncat", where, { input: "GET /ncat HTTP/1.0\r\n\r\n" });
  expect(run.stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*"url":"\/ncat"/);
});

test("undici's ProxyAgent, which is what fetch takes: tunnels, with a login", async () => {
  await using origin = await startOrigin();
  await using proxy = await startProxy({ users });
  const token = `Basic ${Buffer.from("ann:secret").toString("base64")}`;
  for (const proxyTunnel of [true, false]) {
    const dispatcher = new ProxyAgent({ uri: proxy.url, token, proxyTunnel });
    const { body } = await request(`${origin.url}/undici`, { dispatcher });
    expect(await body.json()).toMatchObject({ url: "/undici" });
    await dispatcher.destroy();
  }
  expect(proxy.requests().map(({ protocol, user }) => [protocol, user])).toEqual([
    ["connect", "ann"],
    ["http", "ann"],
  ]);
  const stranger = new ProxyAgent(proxy.url);
  await expect(request(origin.url, { dispatcher: stranger })).rejects.toThrow(/407/);
  await stranger.destroy();
});

test("undici's SOCKS 5", async () => {
  await using origin = await startOrigin();
  await using proxy = await startProxy({ users });
  const dispatcher = new Socks5ProxyAgent(`socks5://ann:secret@127.0.0.1:${proxy.port}`);
  const { body } = await request(`${origin.url}/socks`, { dispatcher });
  expect(await body.json()).toMatchObject({ url: "/socks" });
  await dispatcher.destroy();
  expect(await proxy.waitForRequest({ protocol: "socks5" })).toMatchObject({ user: "ann" });
});

test.each(["http", "socks5"])("Chromium --proxy-server=%s://…", needsBrowser, async (scheme) => {
  await using origin = await startOrigin((_, response) => {
    response.setHeader("content-type", "text/html").end("<title>through</title><p>the page</p>");
  });
  await using proxy = await startProxy({
    allow: ["web.test", "loopback"],
    lookup: () => Promise.resolve(["127.0.0.1"]),
  });
  const browser = await launch(`--proxy-server=${scheme}://127.0.0.1:${proxy.port}`);
  try {
    const page = await browser.newPage();
    await page.goto(`http://web.test:${origin.port}/page`);
    expect(await page.title()).toBe("through");
  } finally {
    await browser.close();
  }
  const wanted =
    scheme === "http"
      ? { url: `http://web.test:${origin.port}/page` }
      : { protocol: "socks5" as const, host: "web.test" };
  expect(await proxy.waitForRequest(wanted)).toMatchObject({ host: "web.test", address: "127.0.0.1" });
});
