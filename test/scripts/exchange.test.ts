import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runTool, scratch } from "../peers/tools.ts";

const script = fileURLToPath(new URL("../../scripts/exchange.ts", import.meta.url));
const examples = fileURLToPath(new URL("../exchanges/examples/", import.meta.url));
const run = async (
  ...args: string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> =>
  await runTool(process.execPath, [script, ...args], { codes: "any" });

describe("portside exchange", () => {
  test("check --mutate plays the examples with themselves, sums up and exits 0", async () => {
    const { code, stdout } = await run("check", "--mutate", `${examples}[156]*.exchange`);
    expect(stdout).toMatch(/3 files: 3 passed, 0 failed/);
    expect(code).toBe(0);
  });

  test("check --mutate exits 4 for a line that asserts nothing", async () => {
    using folder = scratch();
    const file = folder.file("x.exchange", "target: tcp://127.0.0.1:1\n(C connects)\nS: a\nS*: b\n");
    const { code, stderr } = await run("check", "--mutate", file);
    expect(stderr).toContain("x.exchange:4: asserts nothing: 'S*: b' may be");
    expect(code).toBe(4);
  });

  test("exits 1 for a wrong flag, verb or file, 2 for a script that does not parse, 3 when nobody listens", async () => {
    using folder = scratch();
    const wrong = folder.file("wrong.exchange", "(C conects)\nS% x\n");
    const lonely = folder.file("lonely.exchange", "(C connects)\n");
    const results = await Promise.all([
      run("plya", lonely),
      run("play", `${folder.path}/nothing.exchange`),
      run("play", lonely, "--report", "html"),
      run("check", wrong),
      run("play", lonely, "--target", "tcp://127.0.0.1:1"),
    ]);
    expect(results.map(({ code }) => code)).toEqual([1, 1, 1, 2, 3]);
    expect(results[0].stderr).toContain("did you mean play?");
    expect(results[3].stderr).toContain("wrong.exchange:1:2: I don't know the stage direction 'C conects'");
    expect(results[3].stderr).toContain("wrong.exchange:2:1:");
  });

  test("serve says its address as JSON and exits 4 when the client does something else", async () => {
    using folder = scratch();
    const file = folder.file(
      "x.exchange",
      "target: tcp://x:1\n(C connects)\nC: hello\nS: world\n(C closes)\n",
    );
    const play = async (line: string): Promise<number | null> => {
      const child = spawn(process.execPath, [script, "serve", file, "--json"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const [first] = (await once(child.stdout, "data")) as [Buffer];
      const { listen } = JSON.parse(first.toString()) as { listen: string };
      const client = folder.file("y.exchange", `(C connects)\nC: ${line}\nS?: world\n(C closes)\n`);
      child.stdout.resume();
      await run("play", client, "--target", listen, "--timeout", "500ms");
      if (child.exitCode === null) await once(child, "exit");
      return child.exitCode;
    };
    expect(await play("hello")).toBe(0);
    expect(await play("hullo")).toBe(4);
  });

  test("format --write puts a file into its normal form", async () => {
    using folder = scratch();
    const file = folder.file("x.exchange", "title:   x   \r\n\r\n\r\nC: a\r\n");
    expect((await run("format", file)).code).toBe(4);
    expect((await run("format", "--write", file)).code).toBe(0);
    expect((await run("format", file)).code).toBe(0);
  });
});
