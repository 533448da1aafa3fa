import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { extname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { DatagramFault } from "../../../servers/proxy/index.ts";
import { startAsked, stopChild } from "../../asked-process.ts";
import { direct, type Link } from "../link.ts";
import { type Namespace, openNamespace } from "./namespace.ts";

const relayFile = fileURLToPath(
  new URL(`../parties/packet-relay${extname(import.meta.url)}`, import.meta.url),
);
// Addresses that exist in no network (RFC 5737): of the tunnel, and of the wire that carries it.
const ends = { client: "198.51.100.1", server: "198.51.100.2" } as const;
const carrier = { client: "192.0.2.1", server: "192.0.2.2" } as const;
const ports = { relay: 7_001, server: 7_002 } as const;

/**
 * A link with a round trip: two networks, and between them a tunnel whose packets our own UDP forward holds for half
 * of it in each direction. To client and server it is a network device, so handshakes, acknowledgements and closing
 * take as long as they do over a distance.
 *
 *     client ─ TUN ─ socat ─ UDP ─ forward that delays ─ UDP ─ socat ─ TUN ─ server
 *
 * @param faults what happens to packets on the way, before anything else
 * @throws Error where networks are not to be had, or /dev/net/tun or socat is missing
 */
export async function openTunnel(rttMs: number, faults: readonly DatagramFault[] = []): Promise<Link> {
  if (!existsSync("/dev/net/tun")) throw new Error("there is no /dev/net/tun here");
  await using stack = new AsyncDisposableStack();
  const client = stack.use(await openNamespace());
  const server = stack.use(await openNamespace());
  await client.run(
    "ip",
    "link",
    "add",
    "wire",
    "type",
    "veth",
    "peer",
    "name",
    "wire",
    "netns",
    String(server.pid),
  );
  await bringUp(client, carrier.client);
  await bringUp(server, carrier.server);
  const relay = await startAsked([
    ...server.enter,
    process.execPath,
    relayFile,
    JSON.stringify({
      host: carrier.server,
      port: ports.relay,
      target: `127.0.0.1:${ports.server}`,
      rttMs,
      faults,
    }),
  ]);
  stack.defer(() => relay.stop());
  tunnel(stack, server, ends.server, `UDP4-LISTEN:${ports.server},bind=127.0.0.1`);
  tunnel(stack, client, ends.client, `UDP4:${carrier.server}:${ports.relay}`);
  await deviceIsUp(client, () => Promise.resolve());
  // The server's end opens its device with the first datagram; one that came too early is lost.
  await deviceIsUp(server, () => client.run("socat", "-u", "EXEC:echo", `UDP4:${ends.server}:9`));
  const owned = stack.move();
  return {
    ...direct,
    kind: "tunnel",
    about: `a tunnel between two network namespaces with a round trip of ${rttMs} ms; bytes and packets from the kernel's counters`,
    host: ends.server,
    serverEnd: server.enter,
    clientEnd: client.enter,
    device: "link",
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function bringUp(namespace: Namespace, address: string): Promise<void> {
  await namespace.run("ip", "address", "add", `${address}/24`, "dev", "wire");
  await namespace.run("ip", "link", "set", "wire", "up");
}

/** Carry the packets of a TUN device in datagrams. */
function tunnel(stack: AsyncDisposableStack, { enter }: Namespace, address: string, carriedBy: string): void {
  const device = `TUN:${address}/24,tun-name=link,iff-no-pi,iff-up`;
  const [program, ...args] = [...enter, "setpriv", "--pdeathsig", "KILL", "socat", carriedBy, device];
  const child = spawn(program, args, { stdio: "ignore" });
  child.on("error", () => {});
  stack.defer(() => stopChild(child));
}

async function deviceIsUp(namespace: Namespace, provoke: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await provoke();
      return await namespace.run("ip", "link", "show", "link", "up");
    } catch (error) {
      if (tries === 100)
        throw new Error("the tunnel does not come up; is socat installed?", { cause: error });
      await wait(40);
    }
  }
}
