import { describe, expect, test } from "vitest";
import { run } from "./spawned.ts";

/** Tells on stderr, with the ready line, which modules were loaded until then. */
const spy = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  const { log } = console;
  console.log = (line) => (console.error(JSON.stringify(loaded)), log(line));
`)}`;

describe("portside smtp", () => {
  test("is ready before it has loaded what answers on the dashboard, the language of rules and the other engine", async () => {
    await using smtp = run("portside", ["smtp", "--smtp", ":0", "--listen", ":0", "--json"], {
      NODE_OPTIONS: `--import ${spy}`,
    });
    const loaded = JSON.parse(await smtp.said("stderr", /^\[.*\]$/m)) as string[];
    expect(loaded.filter((url) => url.endsWith("/servers/smtp/session.ts"))).toHaveLength(1);
    expect(loaded.filter((url) => /hono|compile-rules|smtp-server|nodemailer|postal-mime/.test(url))).toEqual(
      [],
    );
    const { inbox } = JSON.parse(await smtp.said("stdout", /^.*\n/)) as { readonly inbox: string };
    const info = await fetch(`${inbox}/api/v1/info`);
    expect(info.status).toBe(200);
  });
});
