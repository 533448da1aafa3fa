import type { SMTPServerOptions, SMTPServerSession } from "smtp-server";
import { compareLogin } from "../../auth/compare-login.ts";
import { withDeadline } from "../../deadline.ts";
import type { Decision, Login } from "../../decisions.ts";
import { DeliveredSession } from "../../delivered-session.ts";
import type { EngineRoom } from "../../engine.ts";
import type { Envelope, EsmtpParameters, IncomingMail, SessionRecord } from "../../mailbox.ts";
import { MessageStream } from "../../message-stream.ts";
import type { Mechanism } from "../../options.ts";
import type { Reply } from "../../reply.ts";
import { SessionLog } from "../../session-log.ts";

type Answer = (error?: Error | null) => void;

/** What the library tells of one connection. */
interface Acquaintance {
  readonly connection: number;
  readonly log: SessionLog;
}

/** The library's callbacks, in terms of our options and our mailbox. */
export class LibraryCallbacks {
  readonly #room: EngineRoom;
  readonly #known = new Map<string, Acquaintance>();
  #connections = 0;

  constructor(room: EngineRoom) {
    this.#room = room;
  }

  options(): SMTPServerOptions {
    const { options } = this.#room;
    const { onConnect, onMailFrom, onRcptTo, requireTls } = options;
    return {
      logger: this.#logger(),
      onConnect: (session, answer) =>
        void this.#decide(onConnect && (() => onConnect(this.#record(session))), answer),
      onMailFrom: (path, session, answer) => {
        if (requireTls && !session.secure) {
          answer(errorOf({ code: 530, text: "say STARTTLS first" }));
          return;
        }
        this.#of(session.id).log.beginTransaction();
        const sender = { address: path.address, parameters: parametersOf(path.args) };
        void this.#decide(onMailFrom && (() => onMailFrom(sender, this.#record(session))), answer);
      },
      onRcptTo: (path, session, answer) => {
        const recipient = { address: path.address, parameters: parametersOf(path.args) };
        void this.#decide(onRcptTo && (() => onRcptTo(recipient, this.#record(session))), answer);
      },
      onAuth: (given, session, answer) => {
        const { method: mechanism } = given;
        const user = given.username ?? "";
        const password = given.password ?? given.accessToken ?? undefined;
        const login: Login = {
          mechanism: mechanism as Mechanism,
          user,
          password,
          verify: (expected) =>
            mechanism === "CRAM-MD5" ? given.validatePassword(expected) : expected === password,
        };
        void this.#decide(
          () => this.#judge(login, session),
          (error) => answer(error, error ? undefined : { user: { mechanism, user } }),
        );
      },
      onData: (stream, session, answer) => {
        void this.#receive(stream, session).then(
          (text) => answer(null, text),
          (error: Error) => answer(error),
        );
      },
      onClose: ({ id }) => void this.#known.delete(id),
    };
  }

  #judge(login: Login, session: SMTPServerSession): Decision | Promise<Decision> {
    const { options } = this.#room;
    if (options.onAuth) return options.onAuth(login, this.#record(session));
    return compareLogin(login, this.#room.passwordOf(login.user), !options.users);
  }

  async #decide(ask: (() => Decision | Promise<Decision>) | undefined, answer: Answer): Promise<void> {
    const error = await this.#refusal(ask);
    answer(error);
  }

  /** The refusal of a callback, or of one that fails. */
  async #refusal(ask: (() => Decision | Promise<Decision>) | undefined): Promise<Error | undefined> {
    if (!ask) return undefined;
    try {
      const asked = Promise.resolve().then(ask);
      const reply = (await withDeadline(asked, this.#room.options.decisionTimeoutMs)) ?? undefined;
      return reply && reply.code >= 400 ? errorOf(reply) : undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return errorOf({ code: 451, text: `a callback failed: ${reason}` });
    }
  }

  /** @returns the text of the reply @throws Error with the refusal */
  async #receive(
    stream: AsyncIterable<Buffer> & { readonly sizeExceeded: boolean },
    session: SMTPServerSession,
  ): Promise<string> {
    const { mailbox, options } = this.#room;
    const envelope = envelopeOf(session);
    const content = new MessageStream();
    const { onData } = options;
    const refusing = this.#refusal(onData && (() => onData({ envelope, content }, this.#record(session))));
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of stream) {
        if (stream.sizeExceeded) continue;
        chunks.push(chunk);
        if (onData) content.push(chunk);
        await content.ready;
      }
    } catch (error) {
      content.fail(error as Error);
      throw error;
    }
    // The library answers 552 by itself.
    if (stream.sizeExceeded) {
      content.fail(new Error("the message is too large"));
      return "";
    }
    content.end();
    const refusal = await refusing;
    if (refusal) throw refusal;
    const raw = Buffer.concat(chunks);
    const mail: IncomingMail = {
      raw,
      envelope,
      session: new DeliveredSession(this.#record(session), raw, envelope),
    };
    try {
      return `queued as ${(await mailbox.add(mail)).id}`;
    } catch (error) {
      throw errorOf({ code: 451, text: `the server's own code failed: ${(error as Error).message}` });
    }
  }

  #record(session: SMTPServerSession): SessionRecord {
    const { connection, log } = this.#of(session.id);
    const { tlsOptions: tls, servername } = session;
    const auth = session.user as { mechanism: string; user: string } | undefined;
    return {
      connection,
      clientName: session.hostNameAppearsAs || "",
      clientAddress: session.remoteAddress,
      clientPort: session.remotePort,
      protocol: session.transmissionType,
      ...(tls
        ? {
            tls: {
              version: tls.version,
              cipher: tls.standardName,
              ...(servername ? { serverName: servername } : {}),
            },
          }
        : {}),
      ...(auth ? { auth } : {}),
      flags: [],
      transcript: log.entries(),
    };
  }

  #of(id: string): Acquaintance {
    const known = this.#known.get(id) ?? { connection: ++this.#connections, log: new SessionLog() };
    this.#known.set(id, known);
    return known;
  }

  /** What the library logs of commands and replies is the transcript; it masks credentials. */
  #logger(): NonNullable<Exclude<SMTPServerOptions["logger"], boolean>> {
    const ignore = (): void => {};
    const debug = (about: LogEntry, _format: string, said: unknown): void => {
      if (about.cid === undefined || about.tnx === undefined) return;
      const from = speakers[about.tnx];
      if (from === undefined) return;
      const { connection, log } = this.#of(about.cid);
      const line = about.tnx === "data" ? `(${(about.bytes ?? 0).toLocaleString("en")} bytes)` : String(said);
      const atMs = performance.timeOrigin + performance.now();
      log.add(this.#room.recorder.record(connection, from, line.replaceAll("\r\n", "\n"), atMs));
    };
    return { trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore, level: ignore };
  }
}

interface LogEntry {
  readonly tnx?: string;
  readonly cid?: string;
  readonly bytes?: number;
}

const speakers: Readonly<Record<string, "C" | "S">> = { command: "C", data: "C", send: "S" };

function errorOf({ code, text }: Reply): Error {
  return Object.assign(new Error(typeof text === "string" ? text : text.join(" ")), { responseCode: code });
}

function parametersOf(args: unknown): EsmtpParameters {
  return { ...(args as EsmtpParameters | undefined) };
}

function envelopeOf({ envelope: { mailFrom, rcptTo } }: SMTPServerSession): Envelope {
  return {
    mailFrom: mailFrom ? mailFrom.address : "",
    parameters: parametersOf(mailFrom ? mailFrom.args : {}),
    rcptTo: rcptTo.map(({ address, args }) => ({ address, parameters: parametersOf(args) })),
  };
}
