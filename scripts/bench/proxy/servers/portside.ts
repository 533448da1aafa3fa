import { startProxy, startTcpForward } from "../../../../servers/proxy/index.ts";
import { answerBench } from "../../child.ts";

/* Our servers as a user gets them, with their logs: a forward of the port that is given, or the proxy. */

const target = process.argv[2];
const server = target === undefined ? await startProxy() : await startTcpForward({ target });

answerBench({ port: server.port }, async () => {
  // A start in a process that has started one before: what a test file pays for each of its servers.
  const begin = performance.now();
  const other = await startProxy();
  const milliseconds = performance.now() - begin;
  await other.close();
  return { milliseconds };
});
