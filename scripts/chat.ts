import { connectBus } from "../clients/store/index.ts";
import { startChat } from "../servers/websocket/index.ts";
import type { Bus } from "../wire/bus.ts";
import { openTerminal } from "./chat/terminal.ts";
import { chatFlags, type ChatFlags } from "./chat/flags.ts";
import { keyedCertificate } from "./command-line/certificate.ts";
import { given } from "./command-line/given.ts";
import { commonRules } from "./command-line/rules.ts";
import { typed } from "./command-line/typed.ts";
import { command, main } from "./command-line.ts";
import { serve, type Service } from "./serve.ts";

/** `npm run chat`: the chat server, and with `--join` somebody who talks in one. */
export const chat = command({
  name: "chat",
  summary: "a chat: IRC over TCP and WebSocket, and a page; with --join, a client in the terminal",
  flags: chatFlags,
  examples: [
    "portside chat",
    "portside chat --listen :0 --page :0 --json",
    "portside chat --bus redis://127.0.0.1:6379",
    "portside chat --join '#tea' --nick ann",
  ],
  run: (options) =>
    options.join.length > 0 ? openTerminal(options) : serve(() => startTalks(options), options),
});

interface Address {
  readonly host: string;
  readonly port: number;
}

const usual: Address = { host: "127.0.0.1", port: 6667 };
const usualTlsPort = 6697;
const usualPagePort = 8066;

/** What starting the server needs to know. */
type ServerFlags = Partial<Omit<ChatFlags, "join">>;

/** Start the chat at its usual place, or where it is asked to. */
export async function startTalks(flags: ServerFlags): Promise<Service> {
  const { listen = usual, page } = flags;
  // Whoever chose a port of his own runs a second one, or a test: it must not meet others at the usual ones.
  const isUsual = listen.port === usual.port;
  const certificate = await keyedCertificate({ tlsCert: flags.tlsCert, tlsKey: flags.tlsKey });
  const bus = await busOf(flags.bus);
  try {
    const server = await startChat({
      ...listen,
      tlsPort: flags.tlsPort ?? (isUsual ? usualTlsPort : 0),
      pagePort: page?.port ?? (isUsual ? usualPagePort : 0),
      hasSecurePage: certificate !== undefined,
      rules: flags.rules ?? [],
      ...given({
        bus,
        name: flags.name,
        serverName: flags.serverName,
        password: flags.password,
        motd: flags.motd,
        seed: flags.seed,
        certificate,
      }),
    });
    return {
      ready: { chat: server.url, page: server.pageUrl, stream: server.streamUrl },
      facts: [
        ["Chat", `${server.url}   IRC; with TLS ${server.tlsUrl}`],
        ["Page", server.pageUrl],
        ["WebSocket", `${server.streamUrl}   the same lines, text.ircv3.net`],
        [
          "Bus",
          flags.bus ?? `in this process; shared by several with ${typed("portside chat --bus redis://…")}`,
        ],
      ],
      tries: [
        typed(`portside chat --join '#tea' --nick ann --server ${server.url}`),
        `irssi --connect=${server.host} --port=${server.port} --nick=ann`,
        `printf 'NICK ann\\r\\nUSER ann 0 * :Ann\\r\\nJOIN #tea\\r\\n' | nc -q 5 ${server.host} ${server.port}`,
      ],
      transcripts: [server.transcript, server.stream.transcript],
      rules: [commonRules([server.rules, server.stream.rules])],
      close: async (options) => {
        await server.close(options);
        await bus?.close();
      },
    };
  } catch (error) {
    await bus?.close();
    throw error;
  }
}

async function busOf(url: string | undefined): Promise<Bus | undefined> {
  return url === undefined ? undefined : await connectBus({ url });
}

if (import.meta.main) await main(chat);
