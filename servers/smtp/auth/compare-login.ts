import type { Decision, Login } from "../decisions.ts";
import { refuse } from "../reply.ts";

/** Without a callback: the known password; anything goes for a stranger when no users are given. */
export function compareLogin(
  login: Login,
  password: string | undefined,
  areStrangersWelcome: boolean,
): Decision {
  if (password !== undefined && login.verify(password)) return undefined;
  if (areStrangersWelcome && login.mechanism !== "SCRAM-SHA-256") return undefined;
  return refuse(535, "authentication credentials invalid", "5.7.8");
}
