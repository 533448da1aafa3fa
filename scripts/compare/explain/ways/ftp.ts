import { connectSocket, type SocketConversation } from "../../../../clients/socket/index.ts";
import { startFtp } from "../../../../servers/ftp/index.ts";
import { cuts } from "../../../../wire/anatomy/cuts.ts";
import { openTap } from "../tap.ts";
import type { Recording } from "../recording.ts";
import { belowTcp, type Way } from "../way.ts";

/** The message as a file: commands over one connection, its bytes over another. */
export const ftp: Way = {
  title: "FTP, an upload",
  about: "Commands over one connection; the message over a second one, which ends where the file does.",
  below: belowTcp,
  async open() {
    const server = await startFtp();
    let count = 0;
    return {
      async exchange(message, recording) {
        count += 1;
        const name = `message-${count}.txt`;
        const channel = recording.channel("control connection", cuts.ftp());
        await using tap = await openTap(server.port, channel);
        await using control = await connectSocket(`tcp://127.0.0.1:${tap.port}`);
        await upload(control, name, message, recording);
        await control.end();
        await tap.over;
        const file = Buffer.from(await server.files.read(name));
        await server.files.remove(name);
        return file.toString();
      },
      close: () => server.close({ graceMs: 0 }),
    };
  },
};

/** What a client says, line by line, and the data connection at the port that the server names. */
async function upload(
  control: SocketConversation,
  name: string,
  message: string,
  recording: Recording,
): Promise<void> {
  const replies = repliesOf(control);
  const ask = async (command: string): Promise<string> => {
    control.send(`${command}\r\n`);
    return await nextOf(replies);
  };
  await nextOf(replies);
  await ask("USER ann");
  await ask("PASS secret");
  await ask("TYPE I");
  const [, port] = /\|\|\|(\d+)\|/.exec(await ask("EPSV")) ?? [];
  await using tap = await openTap(Number(port), recording.channel("data connection", cuts["ftp-data"]()));
  await using file = await connectSocket(`tcp://127.0.0.1:${tap.port}`);
  await ask(`STOR ${name}`);
  file.send(message);
  await file.end();
  await nextOf(replies);
  await tap.over;
  await ask("QUIT");
}

/** Replies of one line each, which is all that these commands get. */
async function* repliesOf(control: SocketConversation): AsyncGenerator<string> {
  let rest = "";
  for await (const bytes of control) {
    const lines = (rest + bytes.toString()).split("\r\n");
    rest = lines.pop() ?? "";
    // `220-` is not the last line of its reply (RFC 959 section 4.2).
    for (const line of lines) if (/^\d{3} /.test(line)) yield line;
  }
}

async function nextOf(replies: AsyncGenerator<string>): Promise<string> {
  const { value, done } = await replies.next();
  if (done) throw new Error("the server ended in the middle of the conversation");
  if (/^[45]/.test(value)) throw new Error(`the server said ${value}`);
  return value;
}
