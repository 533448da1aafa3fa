import type { TlsFacts } from "../../wire/connection.ts";
import type { Line } from "../../wire/lines.ts";
import type { Session, Turn, Voice } from "../../wire/session.ts";
import type { TranscriptEntry } from "../../wire/transcript.ts";
import { commands } from "./commands.ts";
import { decide } from "./decide.ts";
import type { Decision, Sender } from "./decisions.ts";
import type { Delivery } from "./delivery.ts";
import type { Envelope, Mailbox, Recipient, SessionRecord } from "./mailbox.ts";
import { type Capability, type Mechanism, mechanisms, type ResolvedSmtpOptions } from "./options.ts";
import { type FixedReply, printReply, type Reply } from "./reply.ts";
import { SessionLog } from "./session-log.ts";

/** What the sessions of one server share. */
export interface SmtpHouse {
  readonly options: ResolvedSmtpOptions;
  readonly mailbox: Mailbox;
  /** The password of a user whom the server knows: of `users`, or of an inbox. */
  passwordOf(user: string): string | undefined;
}

/** A mail transaction (RFC 5321 section 3.3): from MAIL to the end of the message, or RSET. */
export interface Transaction {
  readonly sender: Sender;
  readonly recipients: Recipient[];
  /** The message, once BDAT has begun it. */
  delivery?: Delivery;
}

/** Waits for the next line of a dialogue within a command (AUTH). */
export type Dialogue = (line: string) => Turn | Promise<Turn>;

// RFC 5321 section 4.5.3.1 asks for 512 at least; RFC 4954 section 4 for 12,288 in AUTH.
const maxCommandBytes = 4_096;

/** Verbs of HTTP: a browser was led to speak to this port. */
const httpRequest = /^(?:GET|POST|PUT|HEAD|OPTIONS|DELETE|PATCH|TRACE|CONNECT) \S+ HTTP\/\d/;

/** The server's side of one SMTP or LMTP connection: what has been said so far, and what comes of the next line. */
export class SmtpSession implements Session<Line> {
  readonly options: ResolvedSmtpOptions;
  readonly mailbox: Mailbox;
  readonly house: SmtpHouse;
  transaction: Transaction | undefined;
  dialogue: Dialogue | undefined;
  authFailures = 0;
  user: { readonly mechanism: Mechanism; readonly user: string } | undefined;
  readonly #voice: Voice;
  readonly #hasEnhancedCodes: boolean;
  readonly #log = new SessionLog();
  #greetedBy: "HELO" | "EHLO" | "LHLO" | undefined;
  #clientName = "";
  #flags: string[] = [];
  #unknownCommands = 0;

  constructor(voice: Voice, house: SmtpHouse) {
    this.#voice = voice;
    this.house = house;
    this.options = house.options;
    this.mailbox = house.mailbox;
    this.#hasEnhancedCodes = house.options.capabilities.includes("ENHANCEDSTATUSCODES");
  }

  get isGreeted(): boolean {
    return this.#greetedBy !== undefined;
  }

  get isLmtp(): boolean {
    return this.#greetedBy === "LHLO";
  }

  get hasTls(): boolean {
    return this.#voice.tls !== undefined;
  }

  get canAuthenticate(): boolean {
    return this.offers("AUTH") && (this.hasTls || !this.options.requireTls);
  }

  /** The mechanisms that are offered now. */
  get mechanisms(): readonly Mechanism[] {
    return (
      this.options.mechanisms ??
      (this.options.users ? mechanisms : mechanisms.filter((name) => name !== "SCRAM-SHA-256"))
    );
  }

  /** Whether this session can use an extension: offered by the server, and asked for with EHLO. */
  offers(capability: Capability): boolean {
    if (capability === "REQUIRETLS" && !this.hasTls) return false;
    return this.#greetedBy !== "HELO" && this.options.capabilities.includes(capability);
  }

  greet(): Turn | Promise<Turn> {
    const { hostname, greeting, onConnect, strict } = this.options;
    if (strict && this.#flags.length > 0)
      return { say: this.say(554, "the client spoke before the greeting"), end: true };
    return this.decide(
      onConnect && (() => onConnect(this.record())),
      (accepted) => (accepted ? this.reply(accepted) : this.say(220, `${hostname} ${greeting}`)),
      (refused) => ({ say: this.reply(refused), end: true }),
    );
  }

  hear(line: Line): Turn | Promise<Turn> {
    const dialogue = this.dialogue;
    if (dialogue && line.fault !== "endless") {
      this.dialogue = undefined;
      return dialogue(line.fault === "too long" ? "*" : line.text);
    }
    return this.#faultOf(line) ?? this.#run(line.text);
  }

  spokenTooEarly(): void {
    this.#flagOnce("early talker: the client spoke before the greeting");
  }

  secured(_tls: TlsFacts, dropped: number): void {
    // RFC 3207 section 4.2: forget what was learned in clear.
    this.#greetedBy = undefined;
    this.#clientName = "";
    this.user = undefined;
    this.endTransaction();
    if (dropped > 0) this.#flagOnce(`${dropped} bytes sent in clear after STARTTLS were dropped`);
    this.#log.changed();
  }

  recorded(entry: TranscriptEntry): void {
    this.#log.add(entry);
  }

  failed(error: unknown): Turn {
    this.endTransaction();
    this.dialogue = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    return this.say(451, `the server's own code failed: ${reason}`, "4.3.0");
  }

  expired(limit: "idle" | "message"): string {
    return this.say(
      421,
      `${this.options.hostname} ${limit === "idle" ? "waited too long for a command" : "waited too long for the end of the message"}`,
      "4.4.2",
    );
  }

  goodbye(): string {
    return this.say(421, `${this.options.hostname} is closing`, "4.3.2");
  }

  /** A new name for the client ends a transaction (RFC 5321 section 4.1.4). */
  begin(verb: "HELO" | "EHLO" | "LHLO", clientName: string): void {
    this.#greetedBy = verb;
    this.#clientName = clientName;
    this.endTransaction();
    this.#log.changed();
  }

  beginTransaction(sender: Sender): void {
    this.transaction = { sender, recipients: [] };
    this.#log.beginTransaction();
  }

  endTransaction(): void {
    this.transaction = undefined;
  }

  authenticated(mechanism: Mechanism, user: string): void {
    this.user = { mechanism, user };
    this.#voice.identify(user);
    this.authFailures = 0;
    this.#log.changed();
  }

  /** @throws Error outside of a transaction, which no command lets happen */
  envelope(): Envelope {
    const { transaction } = this;
    if (!transaction) throw new Error("there is no transaction");
    const { sender, recipients } = transaction;
    return { mailFrom: sender.address, parameters: sender.parameters, rcptTo: recipients };
  }

  /** The session as it is now. */
  record(): SessionRecord {
    const { tls, connection, remoteAddress, remotePort } = this.#voice;
    const letters = `${tls ? "S" : ""}${this.user ? "A" : ""}`;
    const protocol = this.isLmtp
      ? `LMTP${letters}`
      : this.#greetedBy === "HELO" && letters === ""
        ? "SMTP"
        : `ESMTP${letters}`;
    const record = {
      connection,
      clientName: this.#clientName,
      clientAddress: remoteAddress,
      clientPort: remotePort,
      protocol,
      flags: this.#flags.slice(),
      transcript: this.#log.entries(),
    };
    // The usual session has neither; spreading nothing into the object would cost more than all the rest.
    return tls || this.user
      ? { ...record, ...(tls && { tls }), ...(this.user && { auth: this.user }) }
      : record;
  }

  /** Print a reply of our own. */
  say(code: number, text: string | readonly string[], enhancedCode?: string): string {
    return this.reply(enhancedCode === undefined ? { code, text } : { code, text, enhancedCode });
  }

  reply(reply: Reply): string {
    return printReply(reply, this.#hasEnhancedCodes);
  }

  sayFixed(reply: FixedReply): string {
    return this.#hasEnhancedCodes ? reply.enhanced : reply.plain;
  }

  note(event: string): void {
    this.#voice.note(event);
    this.#flagOnce(event);
  }

  /**
   * Something that is accepted, and told so that a test can see it.
   * @param code what a strict server answers instead
   * @returns the refusal of a strict server
   */
  flag(what: string, code: number): string | undefined {
    this.#flagOnce(what);
    return this.options.strict ? this.say(code, what, `${Math.floor(code / 100)}.5.2`) : undefined;
  }

  /**
   * Ask a callback.
   * @param ask calls it; without one everything is accepted
   * @param accept what follows when it accepts, with the reply it wants
   * @param deny what follows when it refuses
   */
  decide(
    ask: (() => Decision | Promise<Decision> | undefined) | undefined,
    accept: (reply: Reply | undefined) => Turn | Promise<Turn>,
    deny: (reply: Reply) => Turn = (reply) => this.reply(reply),
  ): Turn | Promise<Turn> {
    return ask ? decide(ask, { accept, deny }, this.options.decisionTimeoutMs) : accept(undefined);
  }

  #run(text: string): Turn | Promise<Turn> {
    const space = text.indexOf(" ");
    const verb = (space === -1 ? text : text.slice(0, space)).toUpperCase();
    const argument = space === -1 ? "" : text.slice(space + 1).trim();
    const command = commands.get(verb);
    if (!command) return this.#unknown(text);
    this.#unknownCommands = 0;
    if (this.options.requireTls && !this.hasTls && !command.isAllowedInClear) {
      return this.say(530, "say STARTTLS first", "5.7.0");
    }
    if (command.argument === "none" && argument !== "")
      return this.say(501, `${verb} takes no argument`, "5.5.4");
    if (command.argument === "required" && argument === "")
      return this.say(501, `expected ${command.syntax}`, "5.5.4");
    return command.run(this, argument);
  }

  #unknown(text: string): Turn {
    const { hostname, maxUnknownCommands } = this.options;
    if (httpRequest.test(text)) {
      return { say: this.say(421, `${hostname} speaks SMTP, not HTTP`, "4.7.0"), end: true };
    }
    if (++this.#unknownCommands >= maxUnknownCommands) {
      return { say: this.say(421, `${hostname} heard too many unknown commands`, "4.7.0"), end: true };
    }
    return this.say(500, "unknown command", "5.5.2");
  }

  /** What is said to a line that was cut wrongly; nothing when it can be heard. */
  #faultOf(line: Line): Turn | undefined {
    if (line.fault === "endless") {
      return { say: this.say(421, `${this.options.hostname} heard a line without end`, "4.7.0"), end: true };
    }
    const isTooLong = line.text.length + 2 > maxCommandBytes && !/^auth /i.test(line.text);
    if (line.fault === "too long" || isTooLong) return this.say(500, "the line is too long", "5.5.6");
    return line.fault === "bare LF" ? this.flag("a command ended by a bare LF", 500) : undefined;
  }

  #flagOnce(what: string): void {
    if (!this.#flags.includes(what)) this.#flags.push(what);
  }
}
