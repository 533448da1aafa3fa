/** A process that holds datagrams for half a round trip in each direction: `packet-relay.ts OPTIONS`. */
import { startUdpForward } from "../../../servers/proxy/index.ts";
import { answerRequests } from "../../asked-process.ts";

const { host, port, target, rttMs } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly host: string;
  readonly port: number;
  readonly target: string;
  readonly rttMs: number;
};
const delay = { do: "delay", delayMs: rttMs / 2 } as const;
await startUdpForward({ host, port, target, faults: rttMs > 0 ? [delay] : [] });
answerRequests({}, () => {});
