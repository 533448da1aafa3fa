import { answerIdle } from "../../idle-crowd.ts";
import { openRaw } from "./raw-client.ts";

/* Clients whose handshake is done. */

answerIdle((port) => openRaw(port, "/echo"));
