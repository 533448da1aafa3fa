import {
  maxSocksBytes,
  parseSocks5Greeting,
  parseSocks5Login,
  parseSocks5Message,
  printSocks5Message,
  socksCommands,
  type SocksEndpoint,
  socksMethods,
  socksReplies,
} from "../../wire/socks.ts";
import type { Client } from "./house.ts";
import { reach, refused } from "./reach.ts";
import { Refusal } from "./refusal.ts";
import { runTunnel } from "./tunnel.ts";
import { runUdpAssociation } from "./udp-association.ts";

/** SOCKS 5 (RFC 1928) with names and passwords (RFC 1929). */
export async function serveSocks5(client: Client): Promise<void> {
  const user = await logIn(client);
  if (user === undefined) return;
  const { code, endpoint } = await client.reader.read(parseSocks5Message, maxSocksBytes);
  client.deadline(false);
  if (!endpoint) {
    client.note("SOCKS 5 with an unknown type of address");
    client.part(printSocks5Message(socksReplies.addressTypeNotSupported));
  } else if (code === socksCommands.connect) await connect(client, endpoint, user);
  else if (code === socksCommands.udpAssociate) await associate(client, endpoint, user);
  else refuse(client, endpoint, user, code === socksCommands.bind ? "BIND" : `command ${code}`);
}

/** @returns the user, empty where nobody is asked; nothing when the client was sent away */
async function logIn(client: Client): Promise<string | undefined> {
  const { house, reader, socket } = client;
  const { methods } = await reader.read(parseSocks5Greeting, maxSocksBytes);
  // No way around the password, also for a client that would rather have none.
  const method = house.users.areAsked ? socksMethods.password : socksMethods.none;
  if (!methods.includes(method)) {
    client.note(
      house.users.areAsked ? "SOCKS 5 without a password" : "SOCKS 5 without the method that needs no login",
    );
    client.part(Buffer.of(5, socksMethods.noneAcceptable));
    return undefined;
  }
  socket.write(Buffer.of(5, method));
  if (method === socksMethods.none) return "";
  const { user, password } = await reader.read(parseSocks5Login, maxSocksBytes);
  if (!house.users.knows(user, password)) {
    client.note(`SOCKS 5 login of ${JSON.stringify(user)} failed`);
    // RFC 1929 section 2: the connection must be closed.
    client.part(Buffer.of(1, 1));
    return undefined;
  }
  socket.write(Buffer.of(1, 0));
  return user;
}

async function connect(client: Client, endpoint: SocksEndpoint, user: string): Promise<void> {
  const entry = client.asks({ protocol: "socks5", ...endpoint, user });
  const reached = await reach(client, entry, endpoint);
  if (reached instanceof Refusal) {
    client.part(printSocks5Message(socksReplies[reached.words.socks]));
    return;
  }
  const { localAddress: host = "0.0.0.0", localPort: port = 0 } = reached.socket;
  await runTunnel(client, reached.socket, entry, printSocks5Message(socksReplies.succeeded, { host, port }));
}

async function associate(client: Client, endpoint: SocksEndpoint, user: string): Promise<void> {
  if (client.house.route.upstream) refuse(client, endpoint, user, "UDP ASSOCIATE through another proxy");
  else await runUdpAssociation(client, endpoint, user);
}

function refuse(client: Client, endpoint: SocksEndpoint, user: string, what: string): void {
  const entry = client.asks({ protocol: "socks5", ...endpoint, user });
  refused(client, entry, new Refusal("failed", `${what} is not served`));
  client.part(printSocks5Message(socksReplies.commandNotSupported));
}
