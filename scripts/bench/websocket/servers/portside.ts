import {
  broadcast,
  type Door,
  startWebSocket,
  type WebSocketConnection,
} from "../../../../servers/websocket/index.ts";
import { answerBench } from "../../child.ts";

/*
 * Our server as a user gets it, transcript and all, with doors for each load: `/room` tells everybody, `/echo` says
 * what it hears, `/count` counts and tells when it hears text. Only the limits of a single client are off, because each
 * load is one, and pings, which the loads do not answer.
 */
const room = new Set<WebSocketConnection>();

const doors: Readonly<Record<string, Door>> = {
  "/room": {
    welcome: (connection) => {
      room.add(connection);
      return {
        heard: (message) => broadcast(room, message.toString()),
        closed: () => room.delete(connection),
      };
    },
  },
  "/echo": { welcome: (connection) => ({ heard: (message, isText) => connection.send(message, isText) }) },
  "/count": {
    welcome: (connection) => {
      let count = 0;
      return { heard: (_, isText) => (isText ? connection.send(String(count)) : void (count += 1)) };
    },
  },
};

const server = await startWebSocket(
  { "/": { doors } },
  { maxMessagesPerSecond: Infinity, pingIntervalMs: 0 },
);
answerBench({ port: server.port }, () => ({}));
