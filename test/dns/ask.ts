import { createSocket } from "node:dgram";
import { dnsTypeNumber, encodeDns } from "../../wire/dns.ts";

/** A query's bytes. */
export function query(
  name: string,
  type: string,
  {
    id = 4_660,
    ednsBytes,
    ednsVersion = 0,
  }: { readonly id?: number; readonly ednsBytes?: number; readonly ednsVersion?: number } = {},
): Buffer {
  dnsTypeNumber(type);
  const plain = Buffer.from(
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
  if (ednsBytes === undefined) return plain;
  plain.writeUInt16BE(1, 10);
  return Buffer.concat([
    plain,
    Buffer.of(0, 0, 41, ednsBytes >> 8, ednsBytes & 255, 0, ednsVersion, 0, 0, 0, 0),
  ]);
}

interface Wait {
  readonly timeoutMs?: number;
}

/** Send datagrams, and give what comes back. */
export function ask(server: { readonly port: number }, bytes: Buffer, wait?: Wait): Promise<Buffer>;
export function ask(
  server: { readonly port: number },
  bytes: Buffer | readonly Buffer[],
  wait: Wait & { readonly count: number },
): Promise<Buffer[]>;
export async function ask(
  { port }: { readonly port: number },
  bytes: Buffer | readonly Buffer[],
  { timeoutMs = 2_000, count }: Wait & { readonly count?: number } = {},
): Promise<Buffer | Buffer[]> {
  const socket = createSocket("udp4");
  const replies: Buffer[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no reply")), timeoutMs);
      socket.on("error", reject);
      socket.on("message", (reply) => {
        if (replies.push(reply) < (count ?? 1)) return;
        clearTimeout(timer);
        resolve();
      });
      for (const one of Buffer.isBuffer(bytes) ? [bytes] : bytes) socket.send(one, port, "127.0.0.1");
    });
  } finally {
    socket.close();
  }
  return count === undefined ? replies[0]! : replies;
}
