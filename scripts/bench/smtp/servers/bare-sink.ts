import { createServer } from "node:net";
import { answerBench } from "../../child.ts";
import { Keeper } from "../keeper.ts";

/*
 * The least that is still an SMTP server: `node:net`, one write for the replies of one chunk, the end of the data found
 * wherever the chunks are cut, doubled dots undone, the raw bytes of each mail kept. No limits, no state machine, no
 * transcript, no TLS: what a protocol costs in Node when nothing is done beyond it.
 */

const mailEnd = Buffer.from("\r\n.\r\n");
const goodbye = "221 bye\r\n";
const crlfDot = Buffer.from("\r\n.");
const keeper = new Keeper();

const server = createServer({ noDelay: true }, (socket) => {
  const sink = new Sink();
  socket.on("data", (chunk) => {
    const replies = sink.take(chunk);
    if (replies !== "") socket.write(replies);
    if (replies.endsWith(goodbye)) socket.end();
  });
  socket.on("error", () => {});
  socket.write("220 sink ESMTP\r\n");
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 }, () => {
  const address = server.address();
  answerBench({ port: typeof address === "object" && address ? address.port : 0 }, () => ({
    count: keeper.count,
  }));
});

class Sink {
  #rest = "";
  #isData = false;
  /** Of the mail under way. It begins with CRLF, so that a dot on its first line is like any other. */
  #chunks: Buffer[] = [];

  take(chunk: Buffer): string {
    let replies = "";
    let input: Buffer | undefined = chunk;
    while (input) {
      if (this.#isData) {
        input = this.#takeData(input);
        if (!this.#isData) replies += "250 2.0.0 kept\r\n";
      } else {
        const text: string = this.#rest + input.toString("latin1");
        let at = 0;
        for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", at)) {
          replies += this.#reply(text.slice(at, at + 4).toUpperCase());
          at = end + 1;
          if (this.#isData) break;
        }
        input = this.#isData && at < text.length ? input.subarray(at - this.#rest.length) : undefined;
        this.#rest = this.#isData ? "" : text.slice(at);
      }
    }
    return replies;
  }

  #reply(verb: string): string {
    switch (verb) {
      case "EHLO":
        return "250-sink\r\n250-PIPELINING\r\n250-SIZE 0\r\n250 8BITMIME\r\n";
      case "DATA":
        this.#isData = true;
        this.#chunks = [crlfDot.subarray(0, 2)];
        return "354 go ahead\r\n";
      case "QUIT":
        return goodbye;
      case "HELO":
      case "MAIL":
      case "RCPT":
      case "RSET":
      case "NOOP":
        return "250 2.0.0 ok\r\n";
      default:
        return "500 5.5.1 unknown\r\n";
    }
  }

  /** @returns what is behind the mail's end, if it is there */
  #takeData(input: Buffer): Buffer | undefined {
    // Up to four bytes of the end may have come before.
    const before = this.#lastBytes();
    const seam = Buffer.concat([before, input.subarray(0, 4)]);
    const split = seam.indexOf(mailEnd);
    const at = split === -1 ? input.indexOf(mailEnd) : split - before.length;
    if (split === -1 && at === -1) {
      this.#chunks.push(input);
      return undefined;
    }
    const end = at + mailEnd.length;
    this.#chunks.push(input.subarray(0, end));
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#isData = false;
    keeper.keep(withoutDoubledDots(whole.subarray(0, whole.length - 3)).subarray(2));
    return end < input.length ? input.subarray(end) : undefined;
  }

  #lastBytes(): Buffer {
    const last = this.#chunks.at(-1)!;
    if (last.length >= 4 || this.#chunks.length === 1) return last.subarray(-4);
    return Buffer.concat(this.#chunks.slice(-4)).subarray(-4);
  }
}

function withoutDoubledDots(mail: Buffer): Buffer {
  let at = mail.indexOf(crlfDot);
  if (at === -1) return mail;
  const output = Buffer.allocUnsafe(mail.length);
  let filled = 0;
  let copied = 0;
  for (; at !== -1; at = mail.indexOf(crlfDot, at + 3)) {
    filled += mail.copy(output, filled, copied, at + 2);
    copied = at + 3;
  }
  filled += mail.copy(output, filled, copied);
  return output.subarray(0, filled);
}
