/**
 * One transfer, from the command to its last reply:
 *
 * ```
 * data connection (425) → file (550, 553 …) → 150 → TLS handshake (425, 522) → bytes (426, 451, 452, 552) → 226
 * ```
 *
 * The data connection comes first, so that a file is opened for writing only when data may come.
 */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { WireError } from "../../wire/errors.ts";
import type { Answer } from "./command.ts";
import type { DataChannel } from "./data-channel.ts";
import { toFileError } from "./file-system.ts";
import type { Awaitable } from "./file-system.ts";
import { handshake } from "./pump.ts";
import type { Meter } from "./pump.ts";
import { formatReply, refusals, reply } from "./replies.ts";
import type { FtpSession } from "./session.ts";

/** What is to be transferred. */
export interface TransferPlan {
  /** Open it, or answer before anything is transferred; what is thrown is answered by its code. */
  open(): Awaitable<OpenTransfer | Answer>;
}

/** Something that is open and ready to go. */
export interface OpenTransfer {
  /** The text of the 150. */
  readonly opening: string;
  /** Move it all over the transfer's socket. */
  move(socket: Socket, meter: Meter, transfer: Transfer): Awaitable<void>;
  /** All went well: what is said in the 226. */
  finish(meter: Meter): Awaitable<string>;
  /** It broke off. */
  abort(meter: Meter, reason: string): Awaitable<void>;
}

/** A transfer under way, for commands that are heard meanwhile. */
export class Transfer {
  readonly meter: Meter = { bytes: 0 };
  readonly startedMs = performance.now();
  readonly #channel: DataChannel;
  socket: Socket | undefined;
  /** Why it was aborted, if it was. */
  abortReason: string | undefined;
  /** What is answered behind the transfer's own reply: to ABOR, to QUIT. */
  readonly afterwards: Answer[] = [];

  constructor(channel: DataChannel) {
    this.#channel = channel;
  }

  abort(reason: string): void {
    this.abortReason ??= reason;
    this.#channel.close();
    this.socket?.destroy();
  }
}

/** Carry out a plan over the data connection that was agreed upon. */
export async function carryOut(session: FtpSession, plan: TransferPlan): Promise<Answer> {
  const { channel } = session;
  if (!channel) return reply(425, "Use PASV, EPSV, PORT or EPRT first.");
  if (session.house.options.requireTls && !session.hasPrivateData) {
    session.replaceChannel(undefined);
    return reply(521, "PROT P is required.");
  }
  session.channel = undefined;
  const transfer = new Transfer(channel);
  session.transfer = transfer;
  try {
    const answer = await attempt(session, transfer, channel, plan);
    return transfer.afterwards.length === 0 ? answer : { ...answer, followedBy: transfer.afterwards };
  } finally {
    session.transfer = undefined;
  }
}

async function attempt(
  session: FtpSession,
  transfer: Transfer,
  channel: DataChannel,
  plan: TransferPlan,
): Promise<Answer> {
  try {
    const socket = await channel.open();
    transfer.socket = socket;
  } catch {
    return transfer.abortReason === undefined
      ? reply(425, "Can't open data connection.")
      : reply(426, "Transfer aborted.");
  }
  const { socket, meter } = transfer;
  const open = await openOrAnswer(plan);
  if ("code" in open) {
    socket.destroySoon();
    return open;
  }
  session.voice.saySoon(formatReply(reply(150, open.opening)));
  try {
    if (socket instanceof TLSSocket) await secure(socket, session.house.options.requireTlsReuse);
    await open.move(socket, meter, transfer);
    return reply(226, await open.finish(meter));
  } catch (error) {
    socket.destroy();
    const answer = failureOf(error, transfer);
    await open.abort(meter, transfer.abortReason ?? answer.lines[0] ?? "");
    return answer;
  }
}

async function openOrAnswer(plan: TransferPlan): Promise<OpenTransfer | Answer> {
  try {
    const opening = plan.open();
    return opening instanceof Promise ? await opening : opening;
  } catch (error) {
    return refusals[toFileError(error, "").code];
  }
}

async function secure(socket: TLSSocket, requiresReuse: boolean): Promise<void> {
  const isResumed = await handshake(socket);
  if (!isResumed && requiresReuse) throw new FreshSession("the TLS session must be a resumed one");
}

/** RFC 4217 section 10.2: a client that resumes the session of the control connection is the same client. */
class FreshSession extends Error {}

function failureOf(error: unknown, transfer: Transfer): Answer {
  if (transfer.abortReason !== undefined) return reply(426, "Transfer aborted.");
  if (error instanceof FreshSession) return reply(522, "The data connection must resume the TLS session.");
  if (error instanceof WireError) {
    return error.code === "TLS_FAILED"
      ? reply(425, "TLS handshake failed on the data connection.")
      : reply(426, "Connection closed; transfer aborted.");
  }
  return refusals[toFileError(error, "").code];
}
