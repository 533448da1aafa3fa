import type { ConnectionInterceptor } from "../../wire/interceptor.ts";
import type { RelayHouse } from "./relay-house.ts";
import type { Side } from "./side.ts";

/** Whether a command asks for TLS from its positive reply on: RFC 3207 section 4, RFC 4217 section 4. */
export function asksForTls(text: string): boolean {
  return /^(?:STARTTLS|AUTH (?:TLS|SSL))\b/i.test(text);
}

/** TLS with the client, with our certificate or the one that a rule gives. @returns the version */
export async function secureFront(
  front: Side,
  house: RelayHouse,
  watcher: ConnectionInterceptor | undefined,
): Promise<string> {
  const secureContext = watcher?.secureContext?.() ?? house.secureContext();
  const version = await front.startTls({ isServer: true, secureContext });
  watcher?.secured?.();
  return version;
}

/** TLS with the server. It may show any certificate: it is the client that the test is about. */
export async function secureBack(back: Side): Promise<void> {
  await back.startTls({ rejectUnauthorized: false });
}
