import type { Socket } from "node:net";
import { Conversation, type Protocol } from "./conversation.ts";
import { type CloseOptions, listen, type ListenAddress, type Listener } from "./listener.ts";

/** A listener, and how its connections begin. */
export interface ConversationDoor extends ListenAddress {
  /** TLS from the first byte. */
  readonly hasImplicitTls?: boolean;
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
  const conversations = new Set<Conversation<Message>>();
  const { limits } = protocol;
  let connections = 0;
  const welcome =
    (hasImplicitTls: boolean) =>
    (socket: Socket): Conversation<Message> | Refusal => {
      const number = ++connections;
      if (conversations.size >= limits.maxConnections) return refuse(socket, busy, limits.lingerMs);
      const conversation = new Conversation(socket, number, protocol, hasImplicitTls);
      conversations.add(conversation);
      socket.once("close", () => conversations.delete(conversation));
      return conversation;
    };
  const listeners: Listener[] = [];
  try {
    for (const door of doors) listeners.push(await listen(door, welcome(door.hasImplicitTls ?? false)));
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
      const nowMs = performance.timeOrigin + performance.now();
      for (const conversation of conversations) conversation.check(nowMs);
    },
    Math.min(Math.max(shortestMs / 4, 10), 1_000),
  );
  clock.unref();
  return {
    listeners,
    get connections() {
      return conversations.size;
    },
    close: async (options) => {
      await Promise.all(listeners.map((listener) => listener.close(options)));
      clearInterval(clock);
    },
  };
}

interface Refusal {
  leave(): void;
  destroy(): void;
}

function refuse(socket: Socket, busy: string, lingerMs: number): Refusal {
  socket.on("error", () => {});
  socket.resume();
  socket.end(busy);
  socket.once("end", () => socket.destroySoon());
  socket.setTimeout(lingerMs, () => socket.destroy());
  const leave = (): void => void socket.destroy();
  return { leave, destroy: leave };
}
