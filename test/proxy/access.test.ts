import { describe, expect, test } from "vitest";
import { classOf, makeAccess, plainAddress } from "../../servers/proxy/access.ts";
import { type ProxyOptions, startProxy } from "../../servers/proxy/index.ts";
import { Bytes } from "./bytes.ts";
import { startEcho } from "./origin.ts";

/** The status of a CONNECT; what it leads to is not looked at. */
async function connectStatus(proxy: { readonly port: number }, target: string): Promise<number> {
  using client = await Bytes.to(proxy, `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  return Number((await client.until("\r\n\r\n")).slice(9, 12));
}

describe("startProxy() is no open proxy", () => {
  test.each<ProxyOptions>([
    { host: "0.0.0.0" },
    { host: "::" },
    { host: "0.0.0.0", allow: ["*"] },
    { host: "0.0.0.0", allow: ["public:443"] },
  ])("refuses to start as %j", async (options) => {
    await expect(startProxy(options)).rejects.toThrow(
      /everybody could go anywhere; give users, or allow only/,
    );
  });

  test("elsewhere it takes users, or a list of targets", async () => {
    await using withUsers = await startProxy({ host: "0.0.0.0", users: { ann: "secret" } });
    await using withList = await startProxy({ host: "0.0.0.0", allow: ["127.0.0.1:1"] });
    expect(withUsers.port).not.toBe(withList.port);
  });

  test("by default it leads from loopback to loopback alone", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy();
    expect(await connectStatus(proxy, `localhost:${echo.port}`)).toBe(200);
    for (const target of ["8.8.8.8:443", "10.0.0.1:80", "169.254.169.254:80", "0.0.0.0:80", "[fe80::1]:80"]) {
      expect(await connectStatus(proxy, target), target).toBe(403);
    }
  });

  test("never to itself, by whatever name, nor to port 25 that nobody wrote down", async () => {
    const lookup = (): Promise<string[]> => Promise.resolve(["127.0.0.1"]);
    await using proxy = await startProxy({ lookup, allow: ["*"] });
    for (const host of ["127.0.0.1", "localhost", "me.test", "[::ffff:127.0.0.1]"]) {
      expect(await connectStatus(proxy, `${host}:${proxy.port}`), host).toBe(403);
    }
    expect(await connectStatus(proxy, "127.0.0.1:25")).toBe(403);
    await using anywhere = await startProxy({ host: "0.0.0.0", users: {}, allow: ["loopback"], lookup });
    for (const host of ["127.0.0.1", "127.0.0.2", "me.test"]) {
      expect(await connectStatus(anywhere, `${host}:${anywhere.port}`), host).toBe(403);
    }
    await using mail = await startProxy({ allow: ["127.0.0.1:25"], connectTimeoutMs: 1_000 });
    expect(await connectStatus(mail, "127.0.0.1:25")).not.toBe(403);
  });

  test("a name is looked up once, and judged by its address", async () => {
    await using echo = await startEcho();
    let asked = 0;
    // The rebinding resolver: public when it is judged, loopback when it is dialled.
    const lookup = (): Promise<string[]> => Promise.resolve([asked++ === 0 ? "203.0.113.9" : "127.0.0.1"]);
    await using proxy = await startProxy({ lookup, allow: ["rebind.test"] });
    expect(await connectStatus(proxy, `rebind.test:${echo.port}`)).toBe(403);
    expect(asked).toBe(1);
    // A name in the list does not open the loopback that it points to.
    expect(await connectStatus(proxy, `rebind.test:${echo.port}`)).toBe(403);
    await using named = await startProxy({ lookup, allow: ["rebind.test", "loopback"] });
    expect(await connectStatus(named, `rebind.test:${echo.port}`)).toBe(200);
  });

  test("of several addresses it dials one that is allowed, and goes on to the next", async () => {
    await using echo = await startEcho();
    const lookup = (): Promise<string[]> =>
      Promise.resolve(["10.0.0.1", "127.0.0.9", "127.0.0.1", "no address"]);
    await using proxy = await startProxy({ lookup });
    expect(await connectStatus(proxy, `many.test:${echo.port}`)).toBe(200);
    expect(proxy.requests()[0]?.address).toBe("127.0.0.1");
  });
});

describe("a target's address", () => {
  test.each([
    ["127.8.9.1", "loopback"],
    ["::1", "loopback"],
    ["::ffff:127.0.0.1", "loopback"],
    ["::ffff:a00:1", "private"],
    ["10.255.0.1", "private"],
    ["172.31.0.1", "private"],
    ["100.64.0.1", "private"],
    ["169.254.169.254", "private"],
    ["fd00::1", "private"],
    ["fe80::1", "private"],
    ["0.0.0.0", "special"],
    ["::", "special"],
    ["::127.0.0.1", "special"],
    ["64:ff9b::7f00:1", "special"],
    ["2002:7f00:1::", "special"],
    ["255.255.255.255", "special"],
    ["224.0.0.1", "special"],
    ["ff02::1", "special"],
    ["8.8.8.8", "public"],
    ["172.32.0.1", "public"],
    ["2606:4700::1111", "public"],
  ])("%s is %s", (address, kind) => {
    expect(classOf(plainAddress(address))).toBe(kind);
  });
});

describe("allow", () => {
  test.each([
    ["public", "8.8.8.8", 443, true],
    ["public", "10.0.0.1", 443, false],
    ["public", "127.0.0.1", 443, false],
    ["public", "8.8.8.8", 25, false],
    ["public:25", "8.8.8.8", 25, true],
    ["*", "10.0.0.1", 80, true],
    ["*", "0.0.0.0", 80, false],
    ["*", "8.8.8.8", 0, false],
    ["loopback:8000-8999", "127.0.0.1", 8080, true],
    ["loopback:8000-8999", "127.0.0.1", 9000, false],
    ["10.1.0.0/16", "10.1.2.3", 80, true],
    ["10.1.0.0/16", "10.2.2.3", 80, false],
    ["10.1.2.3:5432", "10.1.2.3", 5432, true],
    ["[fd00::]/8", "fd12::1", 80, true],
    ["::1", "::1", 80, true],
    ["[::1]:80", "::1", 81, false],
  ])("%s: %s port %i is %s", (rule, address, port, isAllowed) => {
    expect(makeAccess([rule]).allows(address, address, port)).toBe(isAllowed);
  });

  test.each([
    ["api.test", "api.test", true],
    ["api.test", "api.test.evil.test", false],
    ["*.test", "api.test", true],
    ["*.test", "test", false],
    ["*.test", "nottest", false],
  ])("%s: the name %s is %s", (rule, name, isAllowed) => {
    expect(makeAccess([rule]).allows(name, "8.8.8.8", 443)).toBe(isAllowed);
    expect(makeAccess([rule]).allows(name, "10.0.0.1", 443)).toBe(false);
    expect(makeAccess([rule]).allowsUnseen(name, 443)).toBe(isAllowed);
  });

  test.each(["", "http://a.test/", "10.0.0.0/33", "a.test:99999", "a.test:9-1", "a b", "**.test"])(
    "%j is no entry",
    (rule) => {
      expect(() => makeAccess([rule])).toThrow(TypeError);
    },
  );
});
