import { listenAddress, value } from "./command-line/flags.ts";
import { type OptionsOf, command, main } from "./command-line.ts";
import { fileFlags } from "./ftp/flags.ts";
import { startFiles } from "./ftp.ts";
import { serve, type Service, together } from "./serve.ts";
import { mailFlags } from "./smtp/flags.ts";
import { startMail } from "./smtp.ts";

const flags = {
  ...mailFlags,
  ftp: value(
    { argument: "[ip]:port", help: "where the file server listens; default 127.0.0.1:2121" },
    listenAddress,
  ),
  ftpRoot: fileFlags.root,
  ftpUser: fileFlags.user,
} as const;

/** `npm start`: every server there is on its usual port, with one dashboard. A new server is a line in the list. */
export const start = command({
  name: "start",
  summary: "all servers on their usual ports, with one dashboard",
  flags,
  run: (options) => serve(() => together([() => startMail(options), () => filesOf(options)]), options),
});

/** Mail on a port of one's own is a second run, or a test: its file server must not meet the usual one either. */
function filesOf({ ftp, ftpRoot: root, ftpUser: user, smtp }: OptionsOf<typeof flags>): Promise<Service> {
  const elsewhere = smtp === undefined ? [] : [{ host: "127.0.0.1", port: 0 }];
  const none = { tlsPort: undefined, tlsCert: undefined, tlsKey: undefined } as const;
  const usual = { anonymous: false, requireTls: false, atomicUploads: false } as const;
  const passive = { passivePorts: undefined, passiveAddress: undefined } as const;
  return startFiles({ ...none, ...usual, ...passive, root, user }, ftp ? [ftp] : elsewhere);
}

if (import.meta.main) await main(start);
