import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { type Service, together } from "../../scripts/serve.ts";

/** Serve something that only tells when it is ready and when it is closed, in a process of its own. */
async function served(says: object): Promise<{ code: number | null; stdout: string }> {
  const module = JSON.stringify(new URL("../../scripts/serve.ts", import.meta.url).href);
  const source = `
    import { serve } from ${module};
    process.exitCode = await serve(async () => {
      setImmediate(() => console.error("ready"));
      const hold = setInterval(() => {}, 1_000);
      return {
        ready: { one: "one://" }, facts: [["A server", "here"]], tries: ["a line"], transcripts: [],
        close: async ({ graceMs }) => { clearInterval(hold); console.error("closed within", graceMs); },
      };
    }, ${JSON.stringify({ json: false, quiet: false, verbose: false, ...says })});`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source]);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (text.startsWith("ready")) child.kill("SIGTERM");
  });
  const [code] = (await once(child, "close")) as [number | null];
  expect(stderr).toContain("closed within 5000");
  return { code, stdout };
}

describe("serve()", () => {
  test("says the screen, and that it closes", async () => {
    expect(await served({})).toEqual({
      code: 0,
      stdout:
        "\n  A server  here\n\n  Try it with a tool you have:\n\n    a line\n\n  Ctrl-C ends it.\n\nClosing; Ctrl-C again ends at once.\n",
    });
  });

  test("with json says one line", async () => {
    expect(await served({ json: true })).toEqual({ code: 0, stdout: '{"one":"one://"}\n' });
  });

  test("with quiet says nothing", async () => {
    expect(await served({ quiet: true })).toEqual({ code: 0, stdout: "" });
  });
});

describe("together()", () => {
  const service = (name: string, closed: string[]): Service => ({
    ready: { [name]: `${name}://` },
    facts: [[name, name]],
    tries: [name, `more of ${name}`],
    transcripts: [],
    close: async () => void closed.push(name),
  });

  test("is one service of all", async () => {
    const closed: string[] = [];
    const all = await together([async () => service("one", closed), async () => service("two", closed)]);
    expect(all.ready).toEqual({ one: "one://", two: "two://" });
    expect(all.facts).toEqual([
      ["one", "one"],
      ["two", "two"],
    ]);
    expect(all.tries).toEqual(["one", "more of one", "two"]);
    await all.close({});
    expect(closed).toEqual(["one", "two"]);
  });

  test("closes what has started when one cannot", async () => {
    const closed: string[] = [];
    const starts = [async () => service("one", closed), () => Promise.reject(new Error("taken"))];
    await expect(together(starts)).rejects.toThrow("taken");
    expect(closed).toEqual(["one"]);
  });
});
