import { connect } from "node:net";
import { answerBench } from "../../child.ts";

/* Asks for megabytes through a forwarder and counts that all of them come. */

const port = Number(process.argv[2]);

answerBench({}, async ({ megabytes }: { megabytes: number }) => {
  const begin = performance.now();
  const bytes = await new Promise<number>((resolve, reject) => {
    let count = 0;
    const socket = connect(port, "127.0.0.1", () => socket.write(`${megabytes}\n`));
    socket.on("data", (chunk) => (count += chunk.length));
    socket.on("end", () => resolve(count));
    socket.on("error", reject);
  });
  if (bytes !== megabytes * 1_048_576) throw new Error(`${bytes} bytes came instead of ${megabytes} MB`);
  return { seconds: (performance.now() - begin) / 1_000 };
});
