import { durationMs, operands, text, toggle, value } from "../command-line/flags.ts";
import { CommandError } from "../command-line/flags.ts";
import type { View } from "./view.ts";

/** The flags of `portside talk`. */
export const talkFlags = {
  url: operands({
    argument: "URL",
    help: "tcp: tls: udp: unix: ws: wss:, or a protocol's: smtp: ftps: redis: …",
  }),
  listen: toggle({ help: "wait there for one connection instead of making one (tcp, tls, unix, udp)" }),
  view: value(
    { argument: "line|raw|hex", help: "how it is shown; default line on a terminal, raw otherwise" },
    view,
  ),
  lf: toggle({ help: "end typed lines with LF; default CRLF" }),
  starttls: value({ argument: "smtp|ftp", help: "ask for TLS in mid-stream" }, protocol),
  ca: value({ argument: "FILE", help: "an authority to trust, in PEM" }, text),
  insecure: toggle({ help: "take whatever certificate comes", letter: "k" }),
  send: value({ argument: "FILE", help: "send this file, then end our side" }, text),
  save: value({ argument: "FILE", help: "write what is heard into this file" }, text),
  record: value({ argument: "FILE", help: "write the conversation down as an exchange script" }, text),
  timeout: value(
    { argument: "TIME", help: "for connecting, and for silence behind our end; default 5s" },
    durationMs,
  ),
  quiet: toggle({ help: "say nothing but the conversation", letter: "q" }),
} as const;

function view(given: string, name: string): View {
  if (given === "line" || given === "raw" || given === "hex") return given;
  throw new CommandError(`${name} is "${given}"; give line, raw or hex`);
}

function protocol(given: string, name: string): "smtp" | "ftp" {
  if (given === "smtp" || given === "ftp") return given;
  throw new CommandError(`${name} is "${given}"; give smtp or ftp`);
}
