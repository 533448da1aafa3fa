import { createSecureContext } from "node:tls";
import { type FtpOptions, startFtp } from "../servers/ftp/index.ts";
import { readNamedFile } from "./command-line/files.ts";
import { CommandError } from "./command-line/flags.ts";
import { given } from "./command-line/given.ts";
import { command, main } from "./command-line.ts";
import { type FileFlags, ftpFlags } from "./ftp/flags.ts";
import { fileScreen } from "./ftp/screen.ts";
import { serve, type Service } from "./serve.ts";

/** `npm run ftp`: the file server. */
export const ftp = command({
  name: "ftp",
  summary: "a file server for FTP and FTPS, over a folder or in memory",
  flags: ftpFlags,
  examples: [
    "portside ftp --root ./files --user ann:secret --user bob:secret:ro",
    "portside ftp --listen :0 --listen [::1]:0 --json",
  ],
  run: (options) => serve(() => startFiles(options, options.listen), options),
});

/** Where somebody listens. */
interface Address {
  readonly host: string;
  readonly port: number;
}

const usual: Address = { host: "127.0.0.1", port: 2121 };
const usualTlsPort = 2990;

/** Start the file server at these addresses, the usual one without. */
export async function startFiles(flags: FileFlags, listen: readonly Address[]): Promise<Service> {
  const [first = usual, ...others] = listen;
  const server = await startFtp({
    ...first,
    alsoListen: others,
    // Whoever chose a port of his own runs a second one, or a test: it must not meet others at the usual one.
    ftpsPort: flags.tlsPort ?? (first.port === usual.port ? usualTlsPort : 0),
    allowAnonymous: flags.anonymous,
    requireTls: flags.requireTls,
    atomicUploads: flags.atomicUploads,
    ...given({
      root: flags.root,
      users: flags.user.length > 0 ? flags.user : undefined,
      passivePorts: flags.passivePorts,
      passiveAddress: flags.passiveAddress,
      certificate: await certificateOf(flags),
    }),
  });
  return {
    ready: { ftp: server.url, ftps: server.ftpsUrl ?? "" },
    screen: fileScreen({ urls: server.urls, root: flags.root, user: flags.user[0] }),
    transcripts: [server.transcript],
    close: (options) => server.close(options),
  };
}

async function certificateOf({ tlsCert, tlsKey }: FileFlags): Promise<FtpOptions["certificate"]> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new CommandError("--tls-cert and --tls-key belong together; give both, or none");
  }
  const cert = (await readNamedFile(tlsCert, "--tls-cert")).toString();
  const key = (await readNamedFile(tlsKey, "--tls-key")).toString();
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `${tlsCert} and ${tlsKey} are no certificate and its key (${why}); give both in PEM`,
    );
  }
  return { cert, key };
}

if (import.meta.main) await main(ftp);
