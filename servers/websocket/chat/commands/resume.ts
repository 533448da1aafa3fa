import { foldName, isNick } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";
import { register } from "./registration.ts";

/**
 * `RESUME nick token`: take one's nick back from a connection that is dead and does not know it yet (`portside/resume`,
 * an extension of ours). The token was told at the end of the registration. When it is answered, nothing that was said
 * on the old connection can happen any more, so history tells what has.
 */
export const resume: ChatCommand = {
  name: "RESUME",
  minParams: 2,
  isEarly: true,
  async run(session, { params: [nick = "", token = ""] }) {
    const { hub } = session;
    if (session.isRegistered || session.nick !== "" || !isNick(nick)) {
      session.fail("RESUME", "INVALID_TOKEN", [], "Resume before NICK, with the nick that you had");
      return;
    }
    const holder = await hub.leases.holder(foldName(nick));
    if (holder && holder.token !== token) {
      session.fail("RESUME", "INVALID_TOKEN", [], "That is not the token of this nick");
      return;
    }
    if (holder) await hub.control.end(foldName(nick), holder);
    if (session.isOver) return;
    const isClaimed = await hub.claim(session, nick);
    if (!isClaimed && !(holder && (await hub.takeOver(session, nick, holder)))) {
      session.fail("RESUME", "INVALID_TOKEN", [], "Somebody else has that nick now");
      return;
    }
    session.send("RESUME", ["SUCCESS", nick]);
    await register(session);
  },
};
