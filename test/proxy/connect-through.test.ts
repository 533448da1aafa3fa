import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { connectThrough } from "../../clients/proxy/index.ts";
import { startProxy } from "../../servers/proxy/index.ts";
import { needs, pathOf, portForOthers, scratch, type Scratch } from "../peers/tools.ts";
import { Bytes } from "./bytes.ts";
import { type Asked, startEcho, startOrigin } from "./origin.ts";

/** A request over a connection that is there. */
async function ask(socket: Awaited<ReturnType<typeof connectThrough>>, host: string): Promise<Asked> {
  socket.write(`GET /through HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
  let text = "";
  for await (const bytes of socket) text += String(bytes);
  return JSON.parse(text.slice(text.indexOf("\r\n\r\n"))) as Asked;
}

describe("connectThrough()", () => {
  describe.each(["tinyproxy", "danted", "ncat"])("through %s of Debian", (name) => {
    test("directly, and as our upstream", needs(name), async () => {
      await using origin = await startOrigin();
      using folder = scratch();
      await using foreign = await others[name]!(folder);
      const socket = await connectThrough({ proxy: foreign.url, target: origin.authority });
      expect(await ask(socket, "a.test")).toMatchObject({ url: "/through" });

      await using proxy = await startProxy({ upstream: foreign.url });
      const chained = await connectThrough({ proxy: proxy.socksUrl, target: origin.authority });
      expect(await ask(chained, "b.test")).toMatchObject({ url: "/through" });
      using client = await Bytes.to(
        proxy,
        `GET ${origin.url}/forwarded HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      );
      expect(await client.rest()).toMatch(/^HTTP\/1\.[01] 200 [^]*"url":"\/forwarded"/);
      expect(proxy.requests()).toMatchObject([
        { protocol: "socks5", address: "" },
        { protocol: "http", url: `${origin.url}/forwarded` },
      ]);
    });
  });

  test.each(["http", "socks5", "socks4"])(
    "%s: through two of ours, with a name for the second",
    async (scheme) => {
      await using echo = await startEcho();
      await using last = await startProxy({
        lookup: () => Promise.resolve(["127.0.0.1"]),
        ...(scheme === "socks4" ? {} : { users: { ann: "s:/@ t" } }),
      });
      const login = scheme === "socks4" ? "" : "ann:s%3A%2F%40%20t@";
      const upstream = `${scheme}://${login}127.0.0.1:${last.port}`;
      await using first = await startProxy({ upstream, allow: ["echo.test"] });
      const socket = await connectThrough({ proxy: first.url, target: `echo.test:${echo.port}` });
      socket.end("half-closed");
      let heard = "";
      for await (const bytes of socket) heard += String(bytes);
      expect(heard).toBe("half-closed");
      expect(last.requests()).toMatchObject([{ host: "echo.test", address: "127.0.0.1" }]);
      await expect(connectThrough({ proxy: first.url, target: `other.test:${echo.port}` })).rejects.toThrow(
        /403 Forbidden/,
      );
    },
  );

  test("hears a target that speaks first and ends at once", async () => {
    await using target = await startEcho((socket) => socket.end("and that is all"));
    await using proxy = await startProxy();
    for (const url of [proxy.url, proxy.socksUrl]) {
      const socket = await connectThrough({ proxy: url, target: target.authority });
      let heard = "";
      socket.on("data", (bytes) => (heard += String(bytes)));
      await once(socket, "end");
      expect(heard).toBe("and that is all");
      socket.destroy();
    }
  });

  test("says why it is refused, by code", async () => {
    await using proxy = await startProxy({ users: { ann: "secret" } });
    const at = `127.0.0.1:${proxy.port}`;
    const target = "10.0.0.1:80";
    for (const [url, message] of [
      [
        `socks5://ann:secret@${at}`,
        /REPLY_UNEXPECTED the proxy .* does not connect to 10\.0\.0\.1:80: reply 2, notAllowed/,
      ],
      [`socks5://ann:wrong@${at}`, /does not know the user or the password/],
      [`socks5://${at}`, /wants a user and a password/],
      [`socks4://${at}`, /rejected or failed/],
      [`http://ann:secret@${at}`, /403 Forbidden/],
      [`http://${at}`, /407 Proxy Authentication Required/],
    ] as const) {
      await expect(connectThrough({ proxy: url, target }), url).rejects.toThrow(message);
    }
  });

  test("a proxy that is none, says nothing, or is not there", async () => {
    await using nonsense = await startEcho((socket) => socket.write("SSH-2.0-none\r\n\r\n"));
    await using silent = await startEcho(() => {});
    const target = "127.0.0.1:80";
    const through = (url: string, timeoutMs?: number) =>
      connectThrough({ proxy: url, target, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    await expect(through(nonsense.url)).rejects.toMatchObject({ code: "PROTOCOL_VIOLATION" });
    await expect(through(silent.url, 50)).rejects.toMatchObject({ code: "TIMED_OUT" });
    await expect(through(`socks5://${silent.authority}`, 50)).rejects.toMatchObject({ code: "TIMED_OUT" });
    const { authority, ...gone } = silent;
    await gone[Symbol.asyncDispose]();
    await expect(through(`http://${authority}`)).rejects.toMatchObject({ code: "CONNECT_FAILED" });
    await expect(through("ftp://a")).rejects.toThrow(TypeError);
    await expect(connectThrough({ proxy: "http://a", target: "a:0" })).rejects.toThrow(TypeError);
  });
});

interface Foreign extends AsyncDisposable {
  readonly url: string;
}

/** Other people's proxies, on a port of loopback, for this machine alone. */
const others: Readonly<Record<string, (folder: Scratch) => Promise<Foreign>>> = {
  tinyproxy: async (folder) => {
    const port = await portForOthers();
    const settings = [
      `Port ${port}`,
      "Listen 127.0.0.1",
      "Timeout 60",
      "MaxClients 20",
      `PidFile "${folder.path}/pid"`,
    ];
    return await started(
      "tinyproxy",
      ["-d", "-c", folder.file("tinyproxy.conf", `${settings.join("\n")}\n`)],
      "http",
      port,
    );
  },
  danted: async (folder) => {
    const port = await portForOthers();
    const settings = [
      `logoutput: ${folder.path}/log`,
      `internal: 127.0.0.1 port = ${port}`,
      "external: lo",
      "clientmethod: none",
      "socksmethod: none",
      "user.privileged: root",
      "user.unprivileged: root",
      "client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }",
      "socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }",
    ];
    const file = folder.file("danted.conf", `${settings.join("\n")}\n`);
    return await started("danted", ["-f", file, "-p", `${folder.path}/pid`], "socks5", port);
  },
  ncat: async () => {
    const port = await portForOthers();
    const listen = [
      "-l",
      "-k",
      "127.0.0.1",
      String(port),
      "--proxy-type",
      "http",
      "--proxy-auth",
      "ann:secret",
    ];
    return await started("ncat", listen, "http", port, "ann:secret@");
  },
};

async function started(
  name: string,
  args: readonly string[],
  scheme: string,
  port: number,
  login = "",
): Promise<Foreign> {
  // A group of its own: danted forks, and its children must go with it.
  const child = spawn(pathOf(name) ?? name, args, { stdio: "ignore", detached: true });
  const exit = once(child, "exit");
  for (let isOpen = false; !isOpen;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const socket = connect(port, "127.0.0.1");
    isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
  }
  return {
    url: `${scheme}://${login}127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      process.kill(-child.pid!, "SIGKILL");
      await exit;
    },
  };
}
