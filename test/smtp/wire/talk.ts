import type { SmtpServer } from "../../../servers/smtp/index.ts";
import { Talk } from "../../wire/talk.ts";

/** A client that is connected and greeted. */
export async function talkTo(server: SmtpServer): Promise<Talk> {
  const talk = await Talk.to(server);
  await talk.reply();
  return talk;
}

/** A client that has said EHLO, MAIL and RCPT. */
export async function talkToData(server: SmtpServer, parameters = ""): Promise<Talk> {
  const talk = await talkTo(server);
  await talk.say("EHLO client.test");
  await talk.say(`MAIL FROM:<ann@client.test>${parameters}`);
  await talk.say("RCPT TO:<bob@mail.test>");
  return talk;
}
