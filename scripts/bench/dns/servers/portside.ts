import { parseZoneFile, startDns } from "../../../../servers/dns/index.ts";
import { answerBench } from "../../child.ts";
import { zoneText } from "../zone.ts";

/* Our server, as a user gets it. */

const zones = { "example.test": parseZoneFile(zoneText()) };
const dns = await startDns({ zones });

answerBench({ port: dns.port }, () => {
  // A start in a process that has started one before: what a test file pays for each of its servers.
  const begin = performance.now();
  return startDns({ zones: { "example.test": { "@": { A: "127.0.0.1" } } } }).then(async (other) => {
    const milliseconds = performance.now() - begin;
    await other.close();
    return { milliseconds };
  });
});
