import { createSecureContext, type SecureContext } from "node:tls";
import { type ConversationDoor, serveConversations } from "../../../wire/conversation-server.ts";
import { LineCutter } from "../../../wire/lines.ts";
import { certificateOf } from "../certificate.ts";
import type { Engine, EngineRoom } from "../engine.ts";
import type { ResolvedSmtpOptions } from "../options.ts";
import { SmtpSession } from "../session.ts";

/** RFC 4954 section 4: a line of AUTH may have so many bytes. */
const maxLineBytes = 12_288;

/**
 * Our own sessions over sockets: the engine that can do everything.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED
 */
export async function startOnSockets(room: EngineRoom): Promise<Engine> {
  const { options, recorder, rules } = room;
  let secureContext: SecureContext | undefined;
  const server = await serveConversations(
    doorsOf(options),
    {
      recorder,
      limits: options,
      interceptor: rules,
      cutter: () => new LineCutter(maxLineBytes),
      show: (line) => line.text,
      open: (voice) => new SmtpSession(voice, room),
      secureContext: () => (secureContext ??= secureContextOf(options)),
    },
    `421 4.3.2 ${options.hostname} has too many connections\r\n`,
  );
  const [main, smtps] = server.listeners;
  // A client of this process may begin with TLS as its first word; it must trust us before.
  if (smtps && options.isTrustedInProcess) secureContext = secureContextOf(options);
  return {
    host: main!.host,
    port: main!.port,
    authority: main!.authority,
    smtpsAuthority: smtps?.authority,
    get connections() {
      return server.connections;
    },
    close: (closeOptions) => server.close(closeOptions),
  };
}

function doorsOf(options: ResolvedSmtpOptions): ConversationDoor[] {
  const { host, port, path, smtpsPort, acceptsProxyProtocol } = options;
  const doors: ConversationDoor[] = [path === undefined ? { host, port } : { path }];
  if (smtpsPort !== undefined) doors.push({ host, port: smtpsPort, hasImplicitTls: true });
  return doors.map((door) => ({ ...door, acceptsProxyProtocol }));
}

function secureContextOf(options: ResolvedSmtpOptions): SecureContext {
  return createSecureContext(certificateOf(options));
}
