import { once } from "node:events";
import type { Socket } from "node:net";
import { WireError } from "../../wire/errors.ts";

/** What is said before TLS in mid-stream, and the codes that agree: RFC 3207, RFC 4217. */
const dialogues = {
  smtp: [
    { say: undefined, code: 220 },
    { say: "EHLO localhost", code: 250 },
    { say: "STARTTLS", code: 220 },
  ],
  ftp: [
    { say: undefined, code: 220 },
    { say: "AUTH TLS", code: 234 },
  ],
} as const;

/**
 * Ask for TLS as a protocol does it. What was said is given, for it is part of the conversation.
 * @throws WireError REPLY_UNEXPECTED, TIMED_OUT, CONNECTION_LOST
 */
export async function askForTls(
  socket: Socket,
  protocol: keyof typeof dialogues,
  timeoutMs: number,
): Promise<{ readonly from: "C" | "S"; readonly text: string }[]> {
  const said: { readonly from: "C" | "S"; readonly text: string }[] = [];
  const signal = AbortSignal.timeout(timeoutMs);
  for (const { say, code } of dialogues[protocol]) {
    if (say !== undefined) {
      socket.write(`${say}\r\n`);
      said.push({ from: "C", text: say });
    }
    const reply = await readReply(socket, signal, timeoutMs);
    said.push({ from: "S", text: reply });
    if (!reply.startsWith(String(code))) {
      socket.destroy();
      throw new WireError(
        "REPLY_UNEXPECTED",
        `after ${say ?? "the connection"} expected ${code}, got ${reply.split("\n")[0]}`,
      );
    }
  }
  return said;
}

/** A whole reply, its lines joined by `\n` (RFC 5321 section 4.2.1). */
async function readReply(socket: Socket, signal: AbortSignal, timeoutMs: number): Promise<string> {
  let text = "";
  while (!/^(?:\d{3}-.*\r?\n)*\d{3} .*\r?\n$/.test(text)) {
    try {
      const [bytes] = (await once(socket, "data", { signal })) as [Buffer];
      text += bytes.toString("latin1");
    } catch (cause) {
      socket.destroy();
      if (signal.aborted)
        throw new WireError(
          "TIMED_OUT",
          `no reply within ${timeoutMs} ms; there was ${JSON.stringify(text)}`,
          { cause },
        );
      throw new WireError(
        "CONNECTION_LOST",
        `the connection broke before a reply: ${(cause as Error).message}`,
        { cause },
      );
    }
    if (text.length > 65_536) throw new WireError("LINE_TOO_LONG", "the reply has no end");
  }
  return text.trimEnd().replaceAll("\r\n", "\n");
}
