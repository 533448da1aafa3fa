import { listenAddress, port, text, value, values } from "../command-line/flags.ts";
import { ruleFlags } from "../command-line/rules.ts";
import type { OptionsOf } from "../command-line.ts";
import { serveFlags } from "../serve.ts";

/** The flags of `portside web`. */
export const webFlags = {
  root: value(
    {
      argument: "DIR",
      help: "the folder whose files are served; without one every request is answered with what it said",
    },
    text,
  ),
  listen: values(
    {
      argument: "[ip]:port",
      help: "where it listens; default 127.0.0.1:8080, port 0 takes a free one",
      letter: "l",
    },
    listenAddress,
  ),
  httpsPort: value({ argument: "port", help: "another port, with TLS; default none" }, port),
  tlsCert: value(
    { argument: "FILE", help: "certificate in PEM; default one that is made at the start" },
    text,
  ),
  tlsKey: value({ argument: "FILE", help: "the key of the certificate in PEM" }, text),
  index: value({ argument: "NAME", help: "the file that stands for its folder; default index.html" }, text),
  ...ruleFlags,
  ...serveFlags,
} as const;

/** What was asked of the web server. */
export type WebFlags = OptionsOf<typeof webFlags>;
