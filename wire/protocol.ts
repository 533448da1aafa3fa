import type { SecureContext } from "node:tls";
import type { Said } from "./connection.ts";
import type { Interceptor } from "./interceptor.ts";
import type { ConnectionLimits } from "./limits.ts";
import type { Cutter } from "./lines.ts";
import type { ProxyEndpoint } from "./proxy-protocol.ts";
import type { Session, Voice } from "./session.ts";
import type { Recorder } from "./transcript.ts";

/** What the conversations of one server share. */
export interface Protocol<Message> {
  readonly recorder: Recorder;
  readonly limits: Required<ConnectionLimits>;
  cutter(): Cutter<Message>;
  /** How a message looks in the transcript and to rules. */
  readonly show: (message: Message) => string;
  /** How a reply looks in the transcript. @default as text, without line ends */
  readonly showReply?: (said: Said) => string;
  /**
   * Whether this may be shown as late as when somebody looks at the transcript. It costs nearly nothing then, but is
   * kept until it is no longer among the newest, so it must not change, and not be long.
   */
  readonly isShownLate?: (said: Message | Said) => boolean;
  /** How text becomes bytes. @default "utf8" */
  readonly encoding?: "utf8" | "latin1";
  /** `cutter` is the one that cuts this connection's messages. */
  open(voice: Voice, cutter: Cutter<Message>): Session<Message>;
  /** The certificate for TLS; made when first asked for. */
  secureContext(): SecureContext;
  /** Whether sessions may end TLS and go on in clear, which makes all TLS a little slower. @default false */
  readonly mayEndTls?: boolean;
  readonly interceptor?: Interceptor | undefined;
}

/** How a connection comes in. */
export interface Entrance {
  /** TLS from the first byte. */
  readonly hasImplicitTls?: boolean;
  /** Who is behind the proxy that the connection came by, as far as it said. */
  readonly client?: ProxyEndpoint | undefined;
  /** The first bytes of the connection, if somebody had to read them already. */
  readonly early?: Buffer;
}
