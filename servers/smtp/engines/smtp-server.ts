import type { SMTPServer, SMTPServerOptions } from "smtp-server";
import type { Socket } from "node:net";
import { WireError } from "../../../wire/errors.ts";
import { bind, type BoundAddress, untilClosed } from "../../../wire/listener.ts";
import { certificateOf } from "../certificate.ts";
import type { Engine, EngineRoom } from "../engine.ts";
import { type Capability, type Mechanism, mechanisms, type ResolvedSmtpOptions } from "../options.ts";
import { LibraryCallbacks } from "./smtp-server/callbacks.ts";

/*
 * nodemailer's smtp-server behind the same mailbox. It is slower and does less than our own sessions; the cases in
 * which it differs are listed, and tested, in test/smtp/engines.test.ts.
 */

/** The mechanisms that the library speaks. */
const spoken: readonly Mechanism[] = ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"];

/** Options that ask for what the library cannot do. */
const unknownOptions = ["onDataStart", "onVrfy", "onExpn"] as const;

/**
 * Start nodemailer's smtp-server in front of a mailbox.
 * @throws WireError PEER_MISSING when it is not installed, ADDRESS_IN_USE, CONNECT_FAILED; TypeError for an option that
 * it cannot honour
 */
export async function startOnSmtpServer(room: EngineRoom): Promise<Engine> {
  const { options } = room;
  refuseOptions(options);
  // Nothing would follow a rule that comes later either.
  room.rules.add = () => {
    throw cannot("rules");
  };
  const { SMTPServer: Server } = await load();
  const callbacks = new LibraryCallbacks(room);
  const servers: SMTPServer[] = [];
  const sockets = new Set<Socket>();
  const open = async (port: number, isSecure: boolean): Promise<BoundAddress> => {
    const server = new Server({ ...libraryOptions(options), ...callbacks.options(), secure: isSecure });
    // A client that leaves in the middle of a handshake is no error of ours.
    server.on("error", () => {});
    // The library takes all listeners off a socket at STARTTLS; ours must survive that, so each is asked instead.
    server.server.on("connection", (socket) => {
      for (const old of sockets) if (old.closed) sockets.delete(old);
      sockets.add(socket);
    });
    const { host, path } = options;
    const bound = await bind(server.server, path !== undefined && !isSecure ? { path } : { host, port });
    servers.push(server);
    return bound;
  };
  const close = async ({ graceMs = 1_000 } = {}): Promise<void> => {
    // Not waited for by the library: a connection that it has ended but that the client keeps open.
    await Promise.all(servers.map((server) => closeLibrary(server, graceMs)));
    const left = [...sockets].filter((socket) => !socket.closed);
    const closed = Promise.all(left.map(untilClosed));
    for (const socket of left) socket.destroy();
    await closed;
  };
  try {
    const main = await open(options.port, false);
    const { smtpsPort } = options;
    const smtps = smtpsPort === undefined ? undefined : await open(smtpsPort, true);
    return {
      ...main,
      smtpsAuthority: smtps?.authority,
      get connections() {
        return [...sockets].filter((socket) => !socket.closed).length;
      },
      close,
    };
  } catch (error) {
    await close({ graceMs: 0 });
    throw error;
  }
}

async function load() {
  try {
    return await import("smtp-server");
  } catch (cause) {
    throw new WireError(
      "PEER_MISSING",
      'startSmtp({ engine: "smtp-server" }) needs the package smtp-server: npm install --save-dev smtp-server',
      { cause },
    );
  }
}

function refuseOptions(options: ResolvedSmtpOptions): void {
  const asked: string[] = unknownOptions.filter((name) => options[name] !== undefined);
  if (options.strict) asked.push("strict");
  if (options.rules.length > 0) asked.push("rules");
  if (options.mechanisms?.some((name) => !spoken.includes(name))) asked.push("mechanisms");
  if (asked.length > 0) throw cannot(asked.join(", "));
}

function cannot(what: string): TypeError {
  return new TypeError(
    `startSmtp: engine "smtp-server" cannot do ${what}; leave them out, or use the engine "sockets"`,
  );
}

function libraryOptions(options: ResolvedSmtpOptions): SMTPServerOptions {
  const lacks = (capability: Capability): boolean => !options.capabilities.includes(capability);
  const commands = ["AUTH", "STARTTLS"] as const;
  return {
    ...certificateOf(options),
    name: options.hostname,
    banner: options.greeting.replace(/^ESMTP /, ""),
    size: options.maxMessageBytes,
    rejectOversized: true,
    maxRecipients: options.maxRecipients,
    maxClients: options.maxConnections,
    socketTimeout: options.idleTimeoutMs,
    maxAllowedUnauthenticatedCommands: false,
    authMethods: [...(options.mechanisms ?? mechanisms.filter((name) => spoken.includes(name)))],
    authOptional: !options.requireAuth,
    allowInsecureAuth: !options.requireTls,
    useProxy: options.acceptsProxyProtocol,
    lenientAddressParsing: true,
    disableReverseLookup: true,
    disabledCommands: commands.filter(lacks),
    hideSize: lacks("SIZE"),
    hidePIPELINING: lacks("PIPELINING"),
    hide8BITMIME: lacks("8BITMIME"),
    hideSMTPUTF8: lacks("SMTPUTF8"),
    hideDSN: lacks("DSN"),
    hideENHANCEDSTATUSCODES: lacks("ENHANCEDSTATUSCODES"),
    hideREQUIRETLS: lacks("REQUIRETLS"),
    noDelay: true,
  };
}

async function closeLibrary(server: SMTPServer, graceMs: number): Promise<void> {
  // The library takes 0 for its default of 30 seconds.
  server.options.closeTimeout = Math.max(graceMs, 1);
  await new Promise<void>((resolve) => server.close(resolve));
}
