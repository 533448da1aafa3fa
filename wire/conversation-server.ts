import type { Socket } from "node:net";
import { epochMs } from "./clock.ts";
import { Conversation } from "./conversation.ts";
import { type CloseOptions, type Guest, listen, type ListenAddress, type Listener } from "./listener.ts";
import type { Entrance, Protocol } from "./protocol.ts";
import { openProxyGate } from "./proxy-gate.ts";

/** A listener, and how its connections begin. */
export interface ConversationDoor extends ListenAddress {
  /** TLS from the first byte. */
  readonly hasImplicitTls?: boolean;
  /** Every connection begins with a PROXY header that says who the client is; without one it is closed. */
  readonly acceptsProxyProtocol?: boolean;
}

/** The listeners of one server, whose connections are conversations. */
export interface ConversationServer {
  /** In the order of the doors. */
  readonly listeners: readonly Listener[];
  /** Connections now. */
  readonly connections: number;
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Listen on every door and hold a conversation with each who comes in. Nothing is half-started: when one door cannot
 * be opened, none is.
 * @param busy what somebody hears who comes when `maxConnections` are there already
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED
 */
export async function serveConversations<Message>(
  doors: readonly ConversationDoor[],
  protocol: Protocol<Message>,
  busy: string,
): Promise<ConversationServer> {
  const { limits } = protocol;
  /** Ever. */
  let connections = 0;
  /** Now, those whose PROXY header has not come yet among them. */
  let present = 0;
  const forget = (): void => void (present -= 1);
  const enter = (socket: Socket, number: number, entrance?: Entrance): Conversation<Message> =>
    new Conversation(socket, number, protocol, entrance);
  const welcome =
    ({ hasImplicitTls = false, acceptsProxyProtocol = false }: ConversationDoor) =>
    (socket: Socket): Guest => {
      const number = ++connections;
      if (present >= limits.maxConnections) return refuse(socket, busy, limits.lingerMs);
      present += 1;
      socket.on("close", forget);
      if (!acceptsProxyProtocol)
        return enter(socket, number, hasImplicitTls ? { hasImplicitTls } : undefined);
      const refused = (reason: string): void => void protocol.recorder.record(number, "*", reason, epochMs());
      return openProxyGate(socket, { timeoutMs: limits.handshakeTimeoutMs, refused }, (entry) => {
        const conversation = enter(socket, number, { hasImplicitTls, ...entry });
        if (!hasImplicitTls && entry.early.length > 0) conversation.received(entry.early);
        return conversation;
      });
    };
  const listeners: Listener[] = [];
  try {
    for (const door of doors) listeners.push(await listen(door, welcome(door)));
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close({ graceMs: 0 })));
    throw error;
  }
  // One timer for all connections. How late it may be is a fraction of the shortest limit.
  const shortestMs = Math.min(
    limits.idleTimeoutMs,
    limits.messageTimeoutMs,
    limits.handshakeTimeoutMs,
    limits.lingerMs,
  );
  const clock = setInterval(
    () => {
      const nowMs = epochMs();
      for (const listener of listeners) listener.check(nowMs);
    },
    Math.min(Math.max(shortestMs / 4, 10), 1_000),
  );
  clock.unref();
  return {
    listeners,
    get connections() {
      return present;
    },
    close: async (options) => {
      await Promise.all(listeners.map((listener) => listener.close(options)));
      clearInterval(clock);
    },
  };
}

function refuse(socket: Socket, busy: string, lingerMs: number): Guest {
  socket.on("error", () => {});
  socket.resume();
  socket.end(busy);
  socket.once("end", () => socket.destroySoon());
  socket.setTimeout(lingerMs, () => socket.destroy());
  const leave = (): void => void socket.destroy();
  return { leave, destroy: leave };
}
