import type { FtpEvent } from "../ftp/events.ts";
import type { Folder } from "../ftp/folder.ts";
import type { Mailbox } from "../smtp/mailbox.ts";
import type { CompareFace } from "./compare/face.ts";
import type { Transcript } from "../../wire/transcript.ts";

/** The options with everything filled in that has a default. */
export type DashboardSettings = Required<Omit<DashboardOptions, "files" | "compare">> &
  Pick<DashboardOptions, "files" | "compare">;

/** How to start a dashboard. Only the mail server is needed. */
export interface DashboardOptions {
  /** The running mail server that is shown. */
  readonly mail: MailFace;
  /** The running file server that is shown beside it. @default none */
  readonly files?: FileFace | undefined;
  /** Says messages over several transports, for the page that compares them. @default none */
  readonly compare?: CompareFace | undefined;
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** The path under which everything lives, for a dashboard behind a proxy: `/mail`. @default "/" */
  readonly webroot?: string;
  /** A name shown beside the title, to tell several dashboards apart. @default "" */
  readonly label?: string;
  /**
   * Host names under which the dashboard may be asked, beside localhost and addresses (DNS rebinding); `*` for any,
   * where no browser with other pages reaches it. @default []
   */
  readonly hostNames?: readonly string[];
  /** Origins of other pages whose scripts may use the REST calls (CORS): `http://localhost:3000`. @default [] */
  readonly allowedOrigins?: readonly string[];
  /** User to password; with one or more, everything but `/livez` and `/readyz` asks for them (RFC 7617). @default {} */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Largest request body, in bytes; a larger one is answered 413. @default 67_108_864 */
  readonly maxRequestBytes?: number;
  /** Largest file that is uploaded over REST, in bytes; a larger one is answered 413. @default 1_073_741_824 */
  readonly maxUploadBytes?: number;
  /** How long an inbox made by `POST /api/v1/inboxes` is kept, in milliseconds. @default 86_400_000 */
  readonly inboxLifetimeMs?: number;
}

export const dashboardDefaults: Required<Omit<DashboardOptions, "mail" | "files" | "compare">> = {
  host: "127.0.0.1",
  port: 0,
  webroot: "/",
  label: "",
  hostNames: [],
  allowedOrigins: [],
  credentials: {},
  maxRequestBytes: 67_108_864,
  maxUploadBytes: 1_073_741_824,
  inboxLifetimeMs: 86_400_000,
};

/** What the dashboard needs of a mail server: its mailbox, its conversations, its addresses. */
export interface MailFace {
  readonly mailbox: Mailbox;
  readonly transcript: Transcript;
  /** `smtp://127.0.0.1:1025` */
  readonly url: string;
  /** Make an address and credentials of its own. */
  inbox(): { readonly address: string; readonly user: string; readonly password: string };
  /** The authority of its certificate in PEM, served as `/ca.pem`. */
  readonly ca?: string;
  /** Where the mails are kept; absent or empty = in memory. */
  readonly database?: string;
  /** Faults on request; without, `/chaos` is answered 501. */
  readonly chaos?: Chaos;
}

/** What the dashboard needs of a file server: its files, what happens to them, its conversations, its addresses. */
export interface FileFace {
  readonly files: Folder;
  readonly transcript: Transcript;
  /** `ftp://127.0.0.1:2121` */
  readonly url: string;
  /** `ftps://127.0.0.1:2990` */
  readonly ftpsUrl?: string | undefined;
  /** The name that the page's lines to copy log in with. @default any */
  readonly user?: string | undefined;
  /** The events that are kept, oldest first. */
  log(): readonly FtpEvent[];
  /** Hear of every event from now on; the result stops it. */
  watch(listener: (event: FtpEvent) => void): () => void;
}

/** The faults of `/api/v1/chaos`, each a reply code and how often it is given. */
export interface Chaos {
  get(): ChaosTriggers;
  /** Set all three; the ones left out are reset to a probability of 0. */
  set(triggers: Partial<ChaosTriggers>): void;
}

export interface ChaosTriggers {
  readonly Sender: ChaosTrigger;
  readonly Recipient: ChaosTrigger;
  readonly Authentication: ChaosTrigger;
}

export interface ChaosTrigger {
  /** 400 to 599. */
  readonly ErrorCode: number;
  /** Percent, 0 to 100. */
  readonly Probability: number;
}
