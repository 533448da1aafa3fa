import { answerBench } from "../../child.ts";
import { maskedText, openRaw } from "./raw-client.ts";

/* One client that says 64 bytes and waits for them to come back. */
const socket = await openRaw(Number(process.argv[2]), "/echo");
const frame = maskedText("x".repeat(64));
const echoBytes = 2 + 64;

answerBench({}, async ({ count }: { readonly count: number }) => {
  const begin = performance.now();
  await new Promise<void>((resolve) => {
    let left = count;
    let due = echoBytes;
    const hear = (bytes: Buffer): void => {
      due -= bytes.length;
      if (due > 0) return;
      left -= 1;
      if (left === 0) {
        socket.off("data", hear);
        resolve();
        return;
      }
      due = echoBytes;
      socket.write(frame);
    };
    socket.on("data", hear);
    socket.write(frame);
  });
  return { seconds: (performance.now() - begin) / 1_000 };
});
