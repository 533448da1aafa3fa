import { connect, type Socket } from "node:net";
import { WireError } from "../../wire/errors.ts";
import { secure, type TlsDetails, tlsDetails } from "./secure.ts";

/** What a port said when it was knocked at. */
export interface ProbeResult {
  readonly port: number;
  /** `open`: somebody accepted; `closed`: refused; `silent`: no answer in time. */
  readonly state: "open" | "closed" | "silent";
  /** How long the connection took, in milliseconds. */
  readonly elapsedMs: number;
  /** What it said by itself, its first line; empty when it waits for us. */
  readonly greeting: string;
  /** When it said nothing in clear, but speaks TLS. */
  readonly tls: TlsDetails | undefined;
}

export interface ProbeOptions {
  /** How long to wait for a connection, in milliseconds. @default 1_000 */
  readonly timeoutMs?: number;
  /** How long to wait for a greeting, in milliseconds. @default 300 */
  readonly greetingMs?: number;
  /** Ports at the same time. @default 32 */
  readonly concurrency?: number;
}

/**
 * Knock at ports of one host: which answer, with what greeting, and with what TLS. Results come in the order of the
 * ports.
 */
export async function* probePorts(
  host: string,
  ports: readonly number[],
  options: ProbeOptions = {},
): AsyncGenerator<ProbeResult> {
  const { concurrency = 32 } = options;
  const waiting: Promise<ProbeResult>[] = [];
  for (const port of ports) {
    waiting.push(probe(host, port, options));
    if (waiting.length >= concurrency) yield await waiting.shift()!;
  }
  for (const result of waiting) yield await result;
}

async function probe(
  host: string,
  port: number,
  { timeoutMs = 1_000, greetingMs = 300 }: ProbeOptions,
): Promise<ProbeResult> {
  const began = performance.now();
  const socket = connect({ host, port, noDelay: true });
  try {
    const state = await knock(socket, timeoutMs);
    const elapsedMs = performance.now() - began;
    if (state !== "open") return { port, state, elapsedMs, greeting: "", tls: undefined };
    const greeting = await firstLine(socket, greetingMs);
    const tls = greeting === "" ? await handshake(socket, host, greetingMs * 3) : undefined;
    return { port, state, elapsedMs, greeting, tls };
  } finally {
    socket.destroy();
  }
}

function knock(socket: Socket, timeoutMs: number): Promise<ProbeResult["state"]> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve("silent"), timeoutMs);
    const settle = (state: ProbeResult["state"]): void => {
      clearTimeout(timer);
      resolve(state);
    };
    socket.once("connect", () => settle("open"));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      settle(error.code === "ECONNREFUSED" ? "closed" : "silent"),
    );
  });
}

function firstLine(socket: Socket, greetingMs: number): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const settle = (): void => {
      clearTimeout(timer);
      socket.removeAllListeners("data");
      resolve(text.split(/\r?\n/)[0] ?? "");
    };
    const timer = setTimeout(settle, greetingMs);
    socket.once("close", settle);
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      if (text.includes("\n") || text.length > 1_024) settle();
    });
  });
}

async function handshake(socket: Socket, host: string, timeoutMs: number): Promise<TlsDetails | undefined> {
  try {
    return tlsDetails(await secure(socket, host, { trustsAnybody: true, timeoutMs }));
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
