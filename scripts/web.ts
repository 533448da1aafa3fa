import { resolve } from "node:path";
import { json, startWeb, type WebHandler } from "../servers/web/index.ts";
import { keyedCertificate } from "./command-line/certificate.ts";
import { given } from "./command-line/given.ts";
import { typed } from "./command-line/typed.ts";
import { command, main } from "./command-line.ts";
import { serve, type Service } from "./serve.ts";
import { type WebFlags, webFlags } from "./web/flags.ts";

/** `npm run web`: the web server. */
export const web = command({
  name: "web",
  summary: "a web server over a folder, or one that answers with what it was asked",
  flags: webFlags,
  examples: ["portside web --root ./public", "portside web --listen :0 --https-port 0 --json"],
  run: (options) => serve(() => startPages(options, options.listen), options),
});

/** Where somebody listens. */
interface Address {
  readonly host: string;
  readonly port: number;
}

const usual: Address = { host: "127.0.0.1", port: 8080 };

/** What the web server can be asked besides where it listens. */
export type PageFlags = Pick<WebFlags, "root" | "httpsPort" | "tlsCert" | "tlsKey" | "index"> &
  Partial<Pick<WebFlags, "rules" | "seed">>;

/** Start the web server at these addresses, the usual one without. */
export async function startPages(flags: PageFlags, listen: readonly Address[]): Promise<Service> {
  const [first = usual, ...others] = listen;
  const server = await startWeb({
    ...first,
    alsoListen: others,
    ...(flags.root === undefined ? { routes: { "/*": echo } } : { root: flags.root }),
    rules: flags.rules ?? [],
    ...given({
      seed: flags.seed,
      httpsPort: flags.httpsPort,
      index: flags.index,
      certificate: await keyedCertificate(flags),
    }),
  });
  return {
    ready: { web: server.url, ...(server.httpsUrl === undefined ? {} : { https: server.httpsUrl }) },
    facts: [
      ["Web server", server.urls.join("  ")],
      [
        "Answers",
        flags.root === undefined
          ? `every request with what it said; serve a folder with ${typed("portside web --root DIR")}`
          : `the files of ${resolve(flags.root)}`,
      ],
    ],
    tries: [`curl -i ${server.url}/`],
    transcripts: [server.transcript],
    rules: [server.rules],
    close: (options) => server.close(options),
  };
}

/** Answers with what was asked: for looking at what a client sends. */
const echo: WebHandler = async (request) => {
  const { method, target, path, version, fields, origin } = request;
  const body = await request.body.text();
  const asked = {
    method,
    target,
    path,
    query: Object.fromEntries(request.query),
    version: `HTTP/${version}`,
  };
  return json({ ...asked, headers: [...fields], body, from: `${origin.remoteAddress}:${origin.remotePort}` });
};

if (import.meta.main) await main(web);
