import { maxSocksBytes, parseSocks4Request, printSocks4Reply, socksCommands } from "../../wire/socks.ts";
import type { Client } from "./house.ts";
import { reach, refused } from "./reach.ts";
import { Refusal } from "./refusal.ts";
import { runTunnel } from "./tunnel.ts";

/** SOCKS 4 and 4a. It knows no passwords: where there are users, nobody comes in this way. */
export async function serveSocks4(client: Client): Promise<void> {
  const { code, endpoint } = await client.reader.read(parseSocks4Request, maxSocksBytes);
  client.deadline(false);
  const entry = client.asks({ protocol: "socks4", ...endpoint, user: "" });
  const reached = client.house.users.areAsked
    ? refused(
        client,
        entry,
        new Refusal("not allowed", "SOCKS 4 has no passwords, and one is asked for here"),
      )
    : code === socksCommands.connect
      ? await reach(client, entry, endpoint)
      : refused(client, entry, new Refusal("failed", "of SOCKS 4 only CONNECT is served"));
  if (reached instanceof Refusal) client.part(printSocks4Reply(false));
  else await runTunnel(client, reached.socket, entry, printSocks4Reply(true));
}
