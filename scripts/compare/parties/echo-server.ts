/** A process that serves the echo of one transport: `echo-server.ts NAME PLACE`. */
import { answerRequests } from "../../asked-process.ts";
import type { Place } from "../echo.ts";
import { type TransportName, transports } from "../transports.ts";
import { usage } from "./usage.ts";

const [name, place] = process.argv.slice(2) as [TransportName, string];
const { port } = await transports[name].echo.serve(JSON.parse(place) as Place);
answerRequests({ port }, usage);
