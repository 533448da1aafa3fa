import { globSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { test } from "vitest";
import type { PlayOptions } from "../../clients/exchange/index.ts";
import { playExchange } from "../../clients/exchange/index.ts";
import type { ServedExchange, ServeOptions } from "../../servers/exchange/index.ts";
import { serveExchange } from "../../servers/exchange/index.ts";
import { loadScript } from "../../wire/exchange/load.ts";
import { headerOf } from "../../wire/exchange/script.ts";

/** How the files of `exchanges()` are played. */
export interface ExchangesOptions extends Omit<PlayOptions, "target"> {
  /** Where to; a function is asked when the test runs, so that it may name a server that `beforeAll` starts. */
  readonly target?: string | (() => string | Promise<string>);
}

/**
 * Makes a test of every exchange file: its title is the name of the test, and a failure points at the line of the
 * script.
 *
 *     exchanges("test/exchanges/smtp/*.exchange", { target: () => smtp.url })
 *
 * @param pattern a glob, from the folder where vitest runs
 * @throws {TypeError} when it finds no file, so that a wrong path is not a green test
 */
export function exchanges(pattern: string, options: ExchangesOptions = {}): void {
  const files = globSync(pattern).sort();
  if (files.length === 0) throw new TypeError(`exchanges("${pattern}") finds no file`);
  for (const file of files) {
    const path = resolve(file);
    const shownAs = isAbsolute(file) ? relative(process.cwd(), file) : file;
    test(`${titleOf(path)} (${shownAs})`, async ({ annotate, skip }) => {
      const { target, ...rest } = options;
      const url = typeof target === "function" ? await target() : target;
      const outcome = await playExchange(path, {
        shownAs,
        ...rest,
        ...(url === undefined ? {} : { target: url }),
      });
      if (outcome.skipped !== undefined) skip(outcome.skipped);
      for (const phase of outcome.phases) if (phase.title !== "") await annotate(phase.title, "phase");
    });
  }
}

/** A script that does not parse still makes a test, which then says what is wrong with it. */
function titleOf(path: string): string {
  try {
    return headerOf(loadScript(path).script, "title") ?? "exchange";
  } catch {
    return "exchange";
  }
}

/**
 * Serves a script to the code under test, on a free port.
 *
 *     const fake = await serve("greylist.exchange")
 *     await send(fake.url, mail)
 *     await fake.done
 */
export async function serve(file: string, options: ServeOptions = {}): Promise<ServedExchange> {
  return await serveExchange(resolve(file), { shownAs: file, ...options });
}
