import { parseUser, type PortRange, type User } from "../../servers/ftp/index.ts";
import type { OptionsOf } from "../command-line.ts";
import { CommandError, listenAddress, port, text, toggle, value, values } from "../command-line/flags.ts";
import { ruleFlags } from "../command-line/rules.ts";
import { serveFlags } from "../serve.ts";

/** What is asked of the file server, without where it listens. */
export const fileFlags = {
  root: value({ argument: "DIR", help: "the folder that is served; default in memory" }, text),
  user: values(
    { argument: "name:password[:ro][:home]", help: "somebody who may log in; default any name and password" },
    user,
  ),
  anonymous: toggle({ help: "let anonymous in beside the users, to read" }),
  tlsPort: value(
    {
      argument: "port",
      help: "the port with TLS from the first byte; default 2990, or a free one when another port is chosen",
    },
    port,
  ),
  requireTls: toggle({ help: "refuse logins and transfers without TLS" }),
  allowCcc: toggle({ help: "let CCC take the control connection out of TLS after the login" }),
  tlsCert: value(
    { argument: "FILE", help: "certificate in PEM; default one that is made at the start" },
    text,
  ),
  tlsKey: value({ argument: "FILE", help: "the key of the certificate in PEM" }, text),
  atomicUploads: toggle({ help: "with --root: show an upload only when it is complete" }),
  passivePorts: value(
    { argument: "from-to", help: "ports for passive data connections; default free ones" },
    portRange,
  ),
  passiveAddress: value(
    { argument: "IP", help: "the address told to passive clients; default the one they reached" },
    text,
  ),
} as const;

/** The flags of `portside ftp`. */
export const ftpFlags = {
  listen: values(
    {
      argument: "[ip]:port",
      help: "where it listens; default 127.0.0.1:2121, port 0 takes a free one",
      letter: "l",
    },
    listenAddress,
  ),
  ...fileFlags,
  ...ruleFlags,
  ...serveFlags,
} as const;

/** What was asked of the file server. */
export type FileFlags = OptionsOf<typeof fileFlags>;

function user(given: string, name: string): User {
  try {
    return parseUser(given);
  } catch {
    throw new CommandError(
      `${name} is "${given}"; give name:password, and :ro or :/home behind it if you like`,
    );
  }
}

function portRange(given: string, name: string): PortRange {
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(given) ?? [];
  const range = { from: Number(from), to: Number(to) };
  if (!(range.from >= 1 && range.from <= range.to && range.to <= 65_535)) {
    throw new CommandError(`${name} is "${given}"; give a first and a last port, such as 40000-40099`);
  }
  return range;
}
