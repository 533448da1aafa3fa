import { connect } from "node:net";
import { parseExchange, playExchange } from "../../../../clients/exchange/index.ts";
import { answerBench } from "../../child.ts";

/* Holds one conversation after the other: `script` plays it, `bare` is written for nothing but this conversation. */

const [how, port] = process.argv.slice(2);
const lines = [
  "EHLO client.test",
  "MAIL FROM:<a@b.test>",
  "RCPT TO:<c@d.test>",
  "DATA",
  "Subject: x\r\n\r\nhello\r\n.",
];
const codes = ["250", "250", "250", "354", "250"];

const script = parseExchange(
  [
    "(C connects)",
    "S: 220 ready",
    ...lines.flatMap((line, index) => [
      ...line.split("\r\n").map((one) => `C: ${one}`.trimEnd()),
      `S: ${codes[index]} OK`,
    ]),
    "C: QUIT",
    "S: 221 bye",
    "(S closes)",
    "",
  ].join("\n"),
  "bench.exchange",
);

answerBench({}, async ({ count }: { count: number }) => {
  const begin = performance.now();
  for (let left = count; left > 0; left--) {
    if (how === "script") await playExchange(script, { target: `smtp://127.0.0.1:${port}` });
    else await talk();
  }
  return { seconds: (performance.now() - begin) / 1_000 };
});

async function talk(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: Number(port), noDelay: true });
    const replies = ["220", ...codes, "221"];
    const commands = [...lines, "QUIT"];
    let heard = "";
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      heard += text;
      if (!/^\d{3} [^\n]*\n$/m.test(heard)) return;
      const expected = replies.shift();
      if (expected === undefined || !heard.startsWith(expected)) {
        socket.destroy(new Error(`expected ${expected}, got ${heard}`));
        return;
      }
      heard = "";
      const command = commands.shift();
      if (command !== undefined) socket.write(`${command}\r\n`);
    });
    socket.on("end", () => socket.end());
    socket.on("error", reject);
    socket.on("close", () => (replies.length === 0 ? resolve() : reject(new Error("the server went away"))));
  });
}
