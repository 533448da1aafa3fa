import { serveConversations } from "../../../wire/conversation-server.ts";
import type { Interceptor } from "../../../wire/interceptor.ts";
import type { Recorder } from "../../../wire/transcript.ts";
import { CommandCutter, showCommand } from "../command-cutter.ts";
import type { Engine } from "../engine.ts";
import type { FtpHouse } from "../house.ts";
import { formatReply, reply } from "../replies.ts";
import { FtpSession } from "../session.ts";

/** Our own sessions, on every address that was asked for. @throws WireError ADDRESS_IN_USE */
export async function startSockets(
  house: FtpHouse,
  recorder: Recorder,
  interceptor: Interceptor,
): Promise<Engine> {
  const { host, port, ftpsPort, alsoListen } = house.options;
  const plain = [{ host, port }, ...alsoListen];
  const implicit = ftpsPort === undefined ? [] : [{ host, port: ftpsPort, hasImplicitTls: true }];
  const conversations = await serveConversations(
    [...plain, ...implicit],
    {
      recorder,
      limits: house.options,
      cutter: () => new CommandCutter(),
      show: showCommand,
      open: (voice) => new FtpSession(house, voice),
      secureContext: house.secureContext,
      mayEndTls: house.options.allowCcc,
      interceptor,
    },
    formatReply(reply(421, "Too many connections; try again later.")),
  );
  const urls = conversations.listeners.map(
    ({ authority }, index) => `${index < plain.length ? "ftp" : "ftps"}://${authority}`,
  );
  const first = conversations.listeners[0];
  const last = implicit.length === 0 ? undefined : conversations.listeners.at(-1);
  return {
    urls,
    host: first?.host ?? host,
    port: first?.port ?? 0,
    ftpsUrl: last && `ftps://${last.authority}`,
    ftpsPort: last?.port,
    get connections() {
      return conversations.connections;
    },
    close: (options) => conversations.close(options),
  };
}
