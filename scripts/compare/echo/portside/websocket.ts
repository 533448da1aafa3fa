import { echoOver } from "./socket.ts";

export const echo = echoOver("ws");
