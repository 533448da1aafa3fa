/** A process that holds datagrams for half a round trip in each direction: `packet-relay.ts OPTIONS`. */
import { type DatagramFault, startUdpForward } from "../../../servers/proxy/index.ts";
import { answerRequests } from "../../asked-process.ts";

const { host, port, target, rttMs, faults } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly host: string;
  readonly port: number;
  readonly target: string;
  readonly rttMs: number;
  readonly faults: readonly DatagramFault[];
};
const delay = { do: "delay", delayMs: rttMs / 2 } as const;
await startUdpForward({ host, port, target, faults: rttMs > 0 ? [...faults, delay] : faults });
answerRequests({}, () => {});
