import type { Client } from "../client.ts";
import { Refusal, refuse } from "../refusal.ts";

export function login(client: Client, user: string, password: string): void {
  if (!client.engine.admits(user, password))
    throw new Refusal("WRONGPASS invalid username-password pair or user is disabled.");
  client.isAuthenticated = true;
}

/** A name of a connection: it stands in a list, so it has no blanks. @throws Refusal */
export function checkedName(name: string): string {
  if (!/^[!-~]*$/.test(name)) refuse("Client names cannot contain spaces, newlines or special characters.");
  return name;
}
