import { contentFlags } from "./content-flags.ts";
import type { Envelope, SessionRecord } from "./mailbox.ts";

/**
 * The session as a delivered mail keeps it. The flags of the message follow from its bytes; they are looked for when
 * somebody asks. A class, because an object literal with a getter takes twenty times as long to make.
 */
export class DeliveredSession implements SessionRecord {
  readonly connection: number;
  readonly clientName: string;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly protocol: string;
  declare readonly tls?: NonNullable<SessionRecord["tls"]>;
  declare readonly auth?: NonNullable<SessionRecord["auth"]>;
  readonly transcript: SessionRecord["transcript"];
  readonly #sessionFlags: readonly string[];
  readonly #raw: Uint8Array;
  readonly #envelope: Envelope;
  #flags: readonly string[] | undefined;

  constructor(session: SessionRecord, raw: Uint8Array, envelope: Envelope) {
    this.connection = session.connection;
    this.clientName = session.clientName;
    this.clientAddress = session.clientAddress;
    this.clientPort = session.clientPort;
    this.protocol = session.protocol;
    if (session.tls) this.tls = session.tls;
    if (session.auth) this.auth = session.auth;
    this.transcript = session.transcript;
    this.#sessionFlags = session.flags;
    this.#raw = raw;
    this.#envelope = envelope;
  }

  get flags(): readonly string[] {
    return (this.#flags ??= [...this.#sessionFlags, ...contentFlags(this.#raw, this.#envelope)]);
  }

  toJSON(): SessionRecord {
    const { connection, clientName, clientAddress, clientPort, protocol, tls, auth, transcript, flags } =
      this;
    const session = { connection, clientName, clientAddress, clientPort, protocol, transcript, flags };
    return tls || auth ? { ...session, ...(tls && { tls }), ...(auth && { auth }) } : session;
  }
}
