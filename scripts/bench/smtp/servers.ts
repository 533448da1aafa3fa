import { type BenchProcess, startFile, startForeign } from "../process.ts";
import { ownVersion, packageVersion, printed } from "../versions.ts";

/** A mail server that a case can start, in a process of its own. */
export interface MailServer {
  readonly name: string;
  version(): string | undefined;
  start(execArgv?: string[]): Promise<BenchProcess>;
}

/** Our server with a mailbox that keeps the raw bytes, as the sinks do. */
export const portside: MailServer = {
  name: "portside",
  version: ownVersion,
  start: (execArgv) => startFile("smtp/servers/portside.ts", ["raw"], execArgv),
};

/** Our server as a user gets it: stored, headers and text indexed. */
export const portsideWhole: MailServer = {
  ...portside,
  start: (execArgv) => startFile("smtp/servers/portside.ts", ["whole"], execArgv),
};

export const bareSink: MailServer = {
  name: "bare sink",
  version: () => `node:net ${process.version}`,
  start: (execArgv) => startFile("smtp/servers/bare-sink.ts", [], execArgv),
};

export const smtpServer: MailServer = {
  name: "smtp-server",
  version: () => packageVersion("smtp-server"),
  start: () => startFile("smtp/servers/smtp-server.ts"),
};

/** Postfix's: in C, one process; it reads mails and forgets them. */
export const smtpSink: MailServer = {
  name: "smtp-sink",
  version: postfixVersion,
  start: () =>
    startForeign("/usr/sbin/smtp-sink", (port) => [
      // It does not run as root.
      ...(process.getuid?.() === 0 ? ["-u", "nobody"] : []),
      `127.0.0.1:${port}`,
      "4096",
    ]),
};

export const aiosmtpd: MailServer = {
  name: "aiosmtpd",
  version: () => pythonWithAiosmtpd()?.version,
  start: () =>
    startForeign(pythonWithAiosmtpd()?.command ?? "python3", (port) => [
      `${import.meta.dirname}/servers/aiosmtpd-sink.py`,
      String(port),
    ]),
};

/** From the PATH (`npm install -g maildev`): more than a hundred packages are too many to bring along for a bench. */
export const maildev: MailServer = {
  name: "maildev",
  version: () => printed("maildev", ["--version"]),
  start: () =>
    startForeign("maildev", (port) => [
      "--silent",
      "--disable-web",
      "--ip",
      "127.0.0.1",
      "--smtp",
      String(port),
    ]),
};

export const tlsServer: MailServer = {
  name: "tls.createServer",
  version: () => `node:tls ${process.version}`,
  start: () => startFile("smtp/servers/tls-server.ts"),
};

/** @returns Postfix's version, when its load generator and sink are installed */
export function postfixVersion(): string | undefined {
  return printed("/usr/sbin/postconf", ["-d", "-h", "mail_version"]);
}

function pythonWithAiosmtpd(): { command: string; version: string } | undefined {
  for (const command of ["python3", "/usr/bin/python3"]) {
    const version = printed(command, ["-c", "import aiosmtpd; print(aiosmtpd.__version__)"]);
    if (version !== undefined) return { command, version };
  }
  return undefined;
}
