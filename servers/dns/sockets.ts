import type { DatagramListener } from "../../wire/datagrams.ts";
import { listenForDatagrams } from "../../wire/datagrams.ts";
import { WireError } from "../../wire/errors.ts";
import type { ListenAddress } from "../../wire/listener.ts";

const maxTries = 20;

/**
 * UDP and TCP on the same port. A free port of one may be taken for the other; with port 0 another is tried.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED; nothing is left open then
 */
export async function bindBoth<Tcp>(
  address: ListenAddress,
  hear: Parameters<typeof listenForDatagrams>[1],
  listenOnTcp: (port: number) => Promise<Tcp>,
): Promise<{ readonly udp: DatagramListener; readonly tcp: Tcp }> {
  for (let tries = 1; ; tries++) {
    const udp = await listenForDatagrams(address, hear);
    try {
      return { udp, tcp: await listenOnTcp(udp.port) };
    } catch (error) {
      await udp.close();
      const isTaken = error instanceof WireError && error.code === "ADDRESS_IN_USE";
      if (!isTaken || address.port || tries === maxTries) throw error;
    }
  }
}
