import type { Socket } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { type KeyedCertificate, sharedAuthority, sharedLeaf } from "../../wire/certificate.ts";
import { dialectNamed, dialectOf, dialects } from "../../wire/exchange/dialects.ts";
import type { Dialect } from "../../wire/exchange/dialect.ts";
import { raw } from "../../wire/exchange/dialects/raw.ts";
import { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { Rules } from "../../wire/exchange/rule.ts";
import { parseTarget, type Target } from "../../wire/exchange/target.ts";
import { type CloseOptions, type Guest, listen } from "../../wire/listener.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import {
  interposerDefaults,
  type InterposerOptions,
  type ResolvedInterposerOptions,
} from "./interposer-options.ts";
import { type Door, listenForDatagrams } from "./datagram-relay.ts";
import { PlainRelay } from "./plain-relay.ts";
import { Relay } from "./relay.ts";
import type { RelayHouse } from "./relay-house.ts";
import { upgraded } from "./upgraded.ts";

/** Something that stands between clients and a real server. */
export interface Interposer extends AsyncDisposable {
  /** The target's scheme with our address: what the client is told. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly target: string;
  /** The authority that signed the certificate shown to clients, in PEM. */
  readonly ca: string;
  readonly rules: Rules;
  /** What was said, as far as somebody had to understand it, and every fault that fired. */
  readonly transcript: Transcript;
  /** Connections now. */
  readonly connections: number;
  /** Stop accepting and let go of everybody. Twice is the same as once. */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Stand between clients and a real server. Where rules are about messages, TLS ends here (the client sees our
 * certificate, also after STARTTLS and AUTH TLS) and FTP's data connections pass through; otherwise bytes are piped
 * untouched, with the faults on bytes in between. Rules about messages count for connections made after them.
 * @throws TypeError for a target that cannot be understood; WireError ADDRESS_IN_USE, CONNECT_FAILED
 * @example
 * await using smtp = await startInterposer({
 *   target: "smtp://127.0.0.1:1025",
 *   rules: [{ fault: "lost_reply", times: { first: 1 } }],
 * });
 */
export async function startInterposer(given: InterposerOptions): Promise<Interposer> {
  const options: ResolvedInterposerOptions = { ...interposerDefaults, ...given };
  const target = parseTarget(options.target);
  const dialect = dialectFor(target, options.dialect);
  const rules = new FaultRules({
    dialect,
    rules: options.rules,
    seed: options.seed,
    isDatagrams: target.transport === "udp",
  });
  const recorder = new Recorder("exchange", options.maxTranscriptEntries);
  const house: RelayHouse = {
    target,
    dialect: target.isWebSocket ? upgraded(dialect) : dialect,
    recorder,
    interceptor: rules,
    secureContext: secureContextOf(options.certificate),
    connectTimeoutMs: options.connectTimeoutMs,
  };
  let connections = 0;
  const welcome = (socket: Socket): Guest => {
    const isPlain = dialect.name !== "ftp" && rules.isAboutBytes;
    return isPlain || dialect === raw
      ? new PlainRelay(socket, ++connections, house)
      : new Relay(socket, ++connections, house);
  };
  const listener: Door =
    target.transport === "udp"
      ? await listenForDatagrams(options.host, options.port, house)
      : await listen({ host: options.host, port: options.port }, welcome);
  const { protocol } = target.url;
  const scheme = target.transport === "unix" ? "tcp:" : protocol;
  let closing: Promise<void> | undefined;
  const close = (closeOptions: CloseOptions = {}): Promise<void> =>
    (closing ??= listener.close(closeOptions).then(() => recorder.close()));
  return {
    url: `${scheme}//${listener.authority}${target.isWebSocket ? target.url.pathname : ""}`,
    host: listener.host,
    port: listener.port,
    target: options.target,
    get ca() {
      return options.certificate?.cert ?? sharedAuthority().certificate;
    },
    rules,
    transcript: recorder,
    get connections() {
      return listener.guests;
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** The dialect that is asked for, or that of the target's scheme. @throws TypeError when there is none of that name */
export function dialectFor(target: Target, name: string | undefined): Dialect {
  if (name === undefined) return dialectOf(target.url.href) ?? raw;
  const dialect = dialectNamed(name);
  if (!dialect)
    throw new TypeError(
      `there is no dialect "${name}"; there are ${dialects.map((one) => one.name).join(", ")}`,
    );
  return dialect;
}

/** A certificate's context, made when it is first needed; a leaf of our own when none is given. */
export function secureContextOf(certificate: KeyedCertificate | undefined): () => SecureContext {
  let context: SecureContext | undefined;
  return () => {
    if (context) return context;
    const { cert, key } = certificate ?? sharedLeaf();
    return (context = createSecureContext({ cert, key, sessionIdContext: "portside" }));
  };
}
