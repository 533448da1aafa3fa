import type { ChatCommand } from "../command.ts";
import { motd, features, users } from "../welcome.ts";

/** What clients ask about the server. */
export const server: readonly ChatCommand[] = [
  { name: "MOTD", minParams: 0, run: motd },
  { name: "LUSERS", minParams: 0, run: users },
  {
    name: "VERSION",
    minParams: 0,
    run(session) {
      session.numeric("351", ["portside", session.hub.options.serverName], "a chat to test with");
      features(session);
    },
  },
  {
    name: "TIME",
    minParams: 0,
    run(session) {
      const { clock, options } = session.hub;
      session.numeric("391", [options.serverName], new Date(clock.now()).toUTCString());
    },
  },
  {
    name: "INFO",
    minParams: 0,
    run(session) {
      session.numeric("371", [], "Portside: real socket servers for tests");
      session.numeric("374", [], "End of INFO");
    },
  },
  {
    name: "OPER",
    minParams: 2,
    run(session) {
      session.numeric("491", [], "This server has no operators");
    },
  },
];
