/** Who somebody is: USER, PASS, ACCT, REIN (RFC 959 section 4.1.1). */
import { setTimeout as wait } from "node:timers/promises";
import type { Answer, Command } from "../command.ts";
import { reply } from "../replies.ts";
import type { FtpSession } from "../session.ts";

export const user: Command = {
  verb: "USER",
  syntax: "<name>",
  argument: "required",
  isForEverybody: true,
  run: (session, name) => {
    if (session.house.options.requireTls && !session.voice.tls)
      return reply(530, "TLS is required: use AUTH TLS.");
    session.reset();
    session.userName = name;
    return reply(331, "User name okay, need password.");
  },
};

export const pass: Command = {
  verb: "PASS",
  syntax: "<password>",
  argument: "optional",
  isForEverybody: true,
  run: async (session, password) => {
    const name = session.userName;
    if (name === undefined) return reply(503, "Login with USER first.");
    const found = await session.house.authenticate(name, password);
    if (!found) return await refuseLogin(session);
    if (found.account !== undefined) {
      session.pendingUser = found;
      return reply(332, "Need account for login.");
    }
    await session.login(found);
    return reply(230, "User logged in, proceed.");
  },
};

async function refuseLogin(session: FtpSession): Promise<Answer> {
  const { failedLoginDelayMs, maxLoginFailures } = session.house.options;
  session.loginFailures += 1;
  session.tell({ type: "login", isAccepted: false });
  session.userName = undefined;
  session.pendingUser = undefined;
  await wait(failedLoginDelayMs, undefined, { ref: false });
  if (session.loginFailures < maxLoginFailures) return reply(530, "Login incorrect.");
  return { ...reply(421, "Too many wrong passwords; closing."), end: true };
}

export const acct: Command = {
  verb: "ACCT",
  syntax: "<account>",
  argument: "required",
  isForEverybody: true,
  run: async (session, account) => {
    const { pendingUser } = session;
    if (!pendingUser)
      return session.user ? reply(202, "No account needed.") : reply(503, "Login with USER first.");
    if (pendingUser.account !== account) return await refuseLogin(session);
    await session.login(pendingUser);
    return reply(230, "User logged in, proceed.");
  },
};

export const rein: Command = {
  verb: "REIN",
  syntax: "",
  argument: "forbidden",
  run: (session) => {
    session.reset();
    return reply(220, "Service ready for new user.");
  },
};
