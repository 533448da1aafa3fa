import type { Address, Place } from "./echo.ts";

/** How a server tells a client what happened, over one transport. */
export interface Push {
  serve(place: Place): Promise<PushServer>;
  /** @returns when nothing can be missed any more */
  listen(address: Address, hear: (event: string) => void): Promise<PushClient>;
}

export interface PushServer {
  readonly port: number;
  /** Tell everybody who listens. An event is a line of text. */
  push(event: string): void;
}

export interface PushClient {
  close(): void;
}
