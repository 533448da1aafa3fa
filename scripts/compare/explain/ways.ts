import { ftp } from "./ways/ftp.ts";
import { http } from "./ways/http.ts";
import { smtp } from "./ways/smtp.ts";
import { tcp } from "./ways/tcp.ts";
import { tls } from "./ways/tls.ts";
import { udp } from "./ways/udp.ts";
import { websocket } from "./ways/websocket.ts";
import type { Way } from "./way.ts";

/** The ways to say the same message, in the order to look at them. */
export const ways = { websocket, tcp, tls, udp, http, smtp, ftp } as const satisfies Readonly<
  Record<string, Way>
>;

export type WayName = keyof typeof ways;
