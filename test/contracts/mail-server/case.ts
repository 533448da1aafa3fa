import type { SmtpOptions, SmtpServer } from "../../../servers/smtp/index.ts";
import { RawClient } from "../../smtp/raw-client.ts";

/** Starts a server on the engine under test. */
export type Start = (options?: SmtpOptions) => Promise<SmtpServer>;

/** Cases by the name under which an exception is listed. */
export type Cases = Readonly<Record<string, (start: Start) => Promise<void>>>;

/** A mail whose text does not matter. */
export const letter = { from: "ann@example.com", to: "bob@example.com", subject: "Hi", text: "Hello" };

/** A conversation that has greeted the server. */
export async function greeted(smtp: SmtpServer, hello = "EHLO client.test"): Promise<RawClient> {
  const client = await RawClient.connect(smtp);
  await client.say(hello);
  return client;
}
