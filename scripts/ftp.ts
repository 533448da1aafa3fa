import type { FileFace } from "../servers/dashboard/index.ts";
import { startFtp } from "../servers/ftp/index.ts";
import { keyedCertificate } from "./command-line/certificate.ts";
import type { RuleFlags } from "./command-line/rules.ts";
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

/** A file server that runs, with what a dashboard shows of it. */
export interface FileService extends Service {
  readonly face: FileFace;
}

/** Where somebody listens. */
interface Address {
  readonly host: string;
  readonly port: number;
}

const usual: Address = { host: "127.0.0.1", port: 2121 };
const usualTlsPort = 2990;

/** Start the file server at these addresses, the usual one without. */
export async function startFiles(
  flags: FileFlags & Partial<RuleFlags>,
  listen: readonly Address[],
): Promise<FileService> {
  const [first = usual, ...others] = listen;
  const server = await startFtp({
    ...first,
    alsoListen: others,
    // Whoever chose a port of his own runs a second one, or a test: it must not meet others at the usual one.
    ftpsPort: flags.tlsPort ?? (first.port === usual.port ? usualTlsPort : 0),
    allowAnonymous: flags.anonymous,
    requireTls: flags.requireTls,
    allowCcc: flags.allowCcc,
    atomicUploads: flags.atomicUploads,
    rules: flags.rules ?? [],
    ...given({
      seed: flags.seed,
      root: flags.root,
      users: flags.user.length > 0 ? flags.user : undefined,
      passivePorts: flags.passivePorts,
      passiveAddress: flags.passiveAddress,
      certificate: await keyedCertificate(flags),
    }),
  });
  const { files, transcript, url, ftpsUrl } = server;
  return {
    ready: { ftp: server.url, ftps: server.ftpsUrl ?? "" },
    ...fileScreen({ urls: server.urls, root: flags.root, user: flags.user[0] }),
    transcripts: [server.transcript],
    rules: [server.rules],
    close: (options) => server.close(options),
    face: {
      files,
      transcript,
      url,
      ftpsUrl,
      user: flags.user[0]?.name,
      log: () => server.log(),
      watch: (listener) => server.watch(listener),
    },
  };
}

if (import.meta.main) await main(ftp);
