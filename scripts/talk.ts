import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import {
  awaitSocket,
  connectSocket,
  type SocketConversation,
  type SocketOptions,
} from "../clients/socket/index.ts";
import { startRecorder } from "../servers/exchange/index.ts";
import { WireError } from "../wire/errors.ts";
import { readNamedFile } from "./command-line/files.ts";
import { CommandError } from "./command-line/flags.ts";
import { given } from "./command-line/given.ts";
import { command, main, type OptionsOf } from "./command-line.ts";
import { talkFlags } from "./talk/flags.ts";
import { type Printer, printerOf } from "./talk/view.ts";

type TalkFlags = OptionsOf<typeof talkFlags>;

/** `npm run talk`: what one reaches for nc, openssl s_client, socat and websocat for. */
export const talk = command({
  name: "talk",
  summary: "talks to a socket: TCP, TLS, UDP, unix, WebSocket; typed lines go out, what comes is shown",
  flags: talkFlags,
  examples: [
    "portside talk tcp://127.0.0.1:1025",
    "portside talk smtp://127.0.0.1:1025 --starttls smtp --insecure",
    "echo PING | portside talk redis://127.0.0.1:6380 --view hex",
    "portside talk --listen tcp://127.0.0.1:9000 --save received.bin",
  ],
  run: async (flags) => {
    const [url, ...more] = flags.url;
    if (url === undefined || more.length > 0)
      throw new CommandError("give one URL to talk to, such as tcp://127.0.0.1:1025");
    if (flags.record !== undefined && flags.listen) {
      throw new CommandError("--record stands between us and a server; leave --listen out");
    }
    const file = flags.send === undefined ? undefined : await readNamedFile(flags.send, "--send");
    let hasBegun = false;
    try {
      const opened = await open(url, flags);
      hasBegun = true;
      await hold(opened.conversation, flags, file);
      await opened.close();
      return 0;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      process.stderr.write(`portside talk: ${error.message}\n`);
      return hasBegun ? 4 : 3;
    }
  },
});

interface Opened {
  readonly conversation: SocketConversation;
  close(): Promise<void>;
}

async function open(url: string, flags: TalkFlags): Promise<Opened> {
  const ca = flags.ca === undefined ? undefined : (await readNamedFile(flags.ca, "--ca")).toString();
  try {
    if (!flags.listen) {
      const options = given({ timeoutMs: flags.timeout, ca, startTls: flags.starttls });
      if (flags.record !== undefined) return await openRecorded(url, flags.record, options);
      const conversation = await connectSocket(url, { ...options, trustsAnybody: flags.insecure });
      return { conversation, close: () => conversation.close() };
    }
    const awaited = await awaitSocket(url);
    if (!flags.quiet) process.stderr.write(`listening on ${awaited.url}\n`);
    const conversation = await awaited.conversation;
    return {
      conversation,
      close: async () => {
        await conversation.close();
        await awaited.close();
      },
    };
  } catch (error) {
    if (error instanceof TypeError) throw new CommandError(error.message);
    throw error;
  }
}

/** The recorder stands between us and the server, and writes when the conversation is over. */
async function openRecorded(url: string, out: string, options: SocketOptions): Promise<Opened> {
  const recorder = await startRecorder({ target: url, out });
  // What we trust is the recorder, for it ends TLS in the middle.
  const conversation = await connectSocket(recorder.url, { ...options, ca: recorder.ca });
  return {
    conversation,
    close: async () => {
      await conversation.close();
      await recorder.close();
      await recorder.files();
    },
  };
}

/** Talk until the other side ends, or is silent behind our end. */
async function hold(
  conversation: SocketConversation,
  flags: TalkFlags,
  file: Buffer | undefined,
): Promise<void> {
  const isTerminal = process.stdout.isTTY;
  const printer = printerOf(
    flags.view ?? (isTerminal ? "line" : "raw"),
    process.stdout,
    isTerminal,
    performance.now(),
  );
  const saved = flags.save === undefined ? undefined : createWriteStream(flags.save);
  if (!flags.quiet) tellBeginning(conversation, printer);
  const timeoutMs = flags.timeout ?? 5_000;
  let timer: NodeJS.Timeout | undefined;
  const waitForEnd = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void conversation.close(), timeoutMs);
  };
  let hasEnded = false;
  const speaking = speak(conversation, printer, flags, file).then(() => {
    hasEnded = true;
    waitForEnd();
  });
  for await (const bytes of conversation) {
    printer.print("S", bytes);
    if (conversation.hasMessages && !bytes.toString().endsWith("\n")) printer.print("S", Buffer.from("\n"));
    saved?.write(bytes);
    if (hasEnded) waitForEnd();
  }
  clearTimeout(timer);
  printer.end();
  if (saved) await new Promise<void>((resolve) => void saved.end(() => resolve()));
  // The other side has ended; nobody waits for what is still typed.
  process.stdin.destroy();
  speaking.catch(() => {});
}

function tellBeginning({ url, tls, preamble }: SocketConversation, printer: Printer): void {
  for (const { from, text } of preamble) printer.print(from, Buffer.from(`${text}\n`));
  if (!tls) return;
  const trust = tls.distrust === "" ? "trusted" : `not trusted: ${tls.distrust}`;
  process.stderr.write(
    `${url}: ${tls.version} ${tls.cipher}, certificate of ${tls.subject || "nobody"} by ${tls.issuer || "nobody"} until ${tls.validTo || "?"}, ${trust}\n`,
  );
}

async function speak(
  conversation: SocketConversation,
  printer: Printer,
  flags: TalkFlags,
  file: Buffer | undefined,
): Promise<void> {
  if (file) {
    conversation.send(new Uint8Array(file));
    printer.print("C", file);
  } else {
    const end = conversation.hasMessages ? "" : flags.lf ? "\n" : "\r\n";
    for await (const line of createInterface({ input: process.stdin })) {
      conversation.send(line + end);
      printer.print("C", Buffer.from(`${line}\n`));
    }
  }
  await conversation.end();
}

if (import.meta.main) await main(talk);
