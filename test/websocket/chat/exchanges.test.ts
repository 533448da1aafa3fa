import { beforeEach, describe } from "vitest";
import { type ChatServer, startChat } from "../../../servers/websocket/index.ts";
import { exchanges } from "../../vitest/exchanges.ts";

let chat: ChatServer;

beforeEach(async () => {
  chat = await startChat();
  return () => chat.close({ graceMs: 0 });
});

describe("startChat() over TCP", () => {
  exchanges("test/exchanges/chat/!(websocket)*.exchange", { target: () => chat.url });
});

describe("startChat() over WebSocket", () => {
  exchanges("test/exchanges/chat/websocket*.exchange", { target: () => chat.streamUrl });
});
