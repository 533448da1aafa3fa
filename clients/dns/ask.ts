import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import { decodeDns, DnsFormatError, type DnsMessage, encodeDns } from "../../wire/dns.ts";
import { WireError } from "../../wire/errors.ts";

/** A question to one server. */
export interface DnsRequest {
  /** `dns://127.0.0.1:5353` */
  readonly server: string;
  readonly name: string;
  /** @default "A" */
  readonly type?: string;
  /** `auto` asks over UDP, and again over TCP when the answer was truncated. @default "auto" */
  readonly transport?: "auto" | "udp" | "tcp";
  /** How long to wait for each try, in milliseconds. @default 2_000 */
  readonly timeoutMs?: number;
  /** How often to ask over UDP. @default 2 */
  readonly tries?: number;
}

/** The answer, and how it came. */
export interface DnsReply extends DnsMessage {
  readonly transport: "udp" | "tcp";
  /** Bytes of the message. */
  readonly bytes: number;
  /** From the last question to its answer, in milliseconds. */
  readonly elapsedMs: number;
}

/**
 * Ask one question of one server (RFC 1035; RFC 7766 for TCP). An answer with another id or question is not ours, and
 * is not heard. Any response code is an answer.
 * @throws WireError TIMED_OUT, CONNECT_FAILED, CONNECTION_LOST, PROTOCOL_VIOLATION
 * @example
 * const { answers } = await askDns({ server: dns.url, name: "example.test", type: "MX" });
 */
export async function askDns({
  server,
  name,
  type = "A",
  transport = "auto",
  timeoutMs = 2_000,
  tries = 2,
}: DnsRequest): Promise<DnsReply> {
  const { host, port } = addressOf(server);
  const id = randomInt(65_536);
  const query = Buffer.from(
    encodeDns({
      id,
      flags: new Set(["rd"]),
      opcode: 0,
      rcode: "NOERROR",
      questions: [{ name, type, class: "IN" }],
      answers: [],
      authorities: [],
      additionals: [],
    }),
  );
  const what = `${name} ${type} of ${server}`;
  if (transport !== "tcp") {
    const reply = await overUdp(query, host, port, { what, timeoutMs, tries });
    if (transport === "udp" || !reply.flags.has("tc")) return reply;
  }
  return await overTcp(query, host, port, { what, timeoutMs });
}

function addressOf(server: string): { readonly host: string; readonly port: number } {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol !== "dns:")
    throw new TypeError(`${server} is not the URL of a DNS server; write dns://127.0.0.1:5353`);
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 53) };
}

async function overUdp(
  query: Buffer,
  host: string,
  port: number,
  { what, timeoutMs, tries }: { readonly what: string; readonly timeoutMs: number; readonly tries: number },
): Promise<DnsReply> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  try {
    return await new Promise((resolve, reject) => {
      let began = 0;
      let left = tries;
      const ask = (): void => {
        if (left-- === 0) {
          reject(new WireError("TIMED_OUT", `asked ${tries} times for ${what}, waited ${timeoutMs} ms each`));
          return;
        }
        began = performance.now();
        socket.send(query);
        timer = setTimeout(ask, timeoutMs);
      };
      let timer: NodeJS.Timeout | undefined;
      socket.once("error", (cause) => {
        clearTimeout(timer);
        reject(new WireError("CONNECT_FAILED", `nobody answers for ${what}: ${cause.message}`, { cause }));
      });
      socket.on("message", (bytes) => {
        const reply = read(bytes, query);
        if (!reply) return;
        clearTimeout(timer);
        resolve({ ...reply, transport: "udp", bytes: bytes.length, elapsedMs: performance.now() - began });
      });
      // Connected, so that the kernel hears only the one we asked, and tells when nobody listens there.
      socket.connect(port, host, ask);
    });
  } finally {
    socket.close();
  }
}

async function overTcp(
  query: Buffer,
  host: string,
  port: number,
  { what, timeoutMs }: { readonly what: string; readonly timeoutMs: number },
): Promise<DnsReply> {
  const began = performance.now();
  const socket = connect({ host, port, noDelay: true });
  socket.setTimeout(timeoutMs, () =>
    socket.destroy(new WireError("TIMED_OUT", `waited ${timeoutMs} ms for ${what} over TCP`)),
  );
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  socket.write(Buffer.concat([length, query]));
  let received = Buffer.alloc(0);
  try {
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk as Buffer]);
      const size = received.length < 2 ? Infinity : received.readUInt16BE(0) + 2;
      if (received.length < size) continue;
      const reply = read(received.subarray(2, size), query);
      if (!reply) throw new WireError("PROTOCOL_VIOLATION", `what came over TCP is no answer to ${what}`);
      return { ...reply, transport: "tcp", bytes: size - 2, elapsedMs: performance.now() - began };
    }
  } catch (cause) {
    if (cause instanceof WireError) throw cause;
    throw new WireError("CONNECT_FAILED", `cannot ask for ${what} over TCP: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    socket.destroy();
  }
  throw new WireError("CONNECTION_LOST", `the connection ended before the answer to ${what}`);
}

/** The reply, when it is one to this query. */
function read(bytes: Buffer, query: Buffer): DnsMessage | undefined {
  try {
    const reply = decodeDns(bytes);
    const asked = decodeDns(query);
    const question = reply.questions[0];
    const isOurs =
      reply.flags.has("qr") &&
      reply.id === asked.id &&
      (!question ||
        (question.type === asked.questions[0]!.type &&
          question.name.toLowerCase() === asked.questions[0]!.name.toLowerCase()));
    return isOurs ? reply : undefined;
  } catch (error) {
    if (error instanceof DnsFormatError) return undefined;
    throw error;
  }
}
