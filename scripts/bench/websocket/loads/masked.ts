import { once } from "node:events";
import { answerBench } from "../../child.ts";
import { maskedFrame, maskedText, openRaw } from "./raw-client.ts";

/* One client that says binary messages of 1 KB, masked, as fast as the server reads, and asks at the end how many came. */
const socket = await openRaw(Number(process.argv[2]), "/count");
const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
const frame = maskedFrame(0x82, Buffer.alloc(1_024, 0x5a), mask);
const perWrite = 60;
const burst = Buffer.concat(Array.from({ length: perWrite }, () => frame));
let sent = 0;

answerBench({}, async ({ count }: { readonly count: number }) => {
  const begin = performance.now();
  for (let left = count; left > 0; left -= perWrite) {
    const isLast = left < perWrite;
    if (!socket.write(isLast ? burst.subarray(0, left * frame.length) : burst)) await once(socket, "drain");
  }
  sent += count;
  const answered = once(socket, "data");
  socket.write(maskedText("?"));
  const [answer] = (await answered) as [Buffer];
  const counted = Number(answer.subarray(2).toString());
  if (counted !== sent) throw new Error(`${counted} of ${sent} messages were heard`);
  return { seconds: (performance.now() - begin) / 1_000 };
});
