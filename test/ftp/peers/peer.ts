/** Somebody else's clients, each with what it can do, so that one table of cases runs with all of them. */

/** How a server is reached. */
export interface Way {
  readonly tls: "none" | "explicit" | "implicit";
  readonly mode: "passive" | "active";
  readonly family: "IPv4" | "IPv6";
}

export const ways: readonly Way[] = (["none", "explicit", "implicit"] as const).flatMap((tls) =>
  (["passive", "active"] as const).flatMap((mode) =>
    (["IPv4", "IPv6"] as const).map((family) => ({ tls, mode, family })),
  ),
);

/** A server, reached in one way. */
export interface Target extends Way {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** A folder of this machine for the client's own files. */
  readonly home: string;
}

/** A client. Paths on the server are absolute. What a client cannot do, it does not have; a failure rejects. */
export interface Peer {
  readonly name: string;
  /** Programs it needs. */
  readonly needs: readonly string[];
  speaks(way: Way): boolean;
  put?(target: Target, local: string, remote: string): Promise<void>;
  get?(target: Target, remote: string, local: string): Promise<void>;
  /** The text of a listing; every name stands in it. */
  list?(target: Target, folder: string): Promise<string>;
  /** Fetch the rest of a file of which the beginning is there. */
  resumeGet?(target: Target, remote: string, local: string): Promise<void>;
  resumePut?(target: Target, local: string, remote: string): Promise<void>;
  append?(target: Target, local: string, remote: string): Promise<void>;
  /** Everything below a folder, both ways. */
  mirrorDown?(target: Target, folder: string, local: string): Promise<void>;
  mirrorUp?(target: Target, local: string, folder: string): Promise<void>;
  makeFolder?(target: Target, folder: string): Promise<void>;
  removeFolder?(target: Target, folder: string): Promise<void>;
  remove?(target: Target, path: string): Promise<void>;
  rename?(target: Target, from: string, to: string): Promise<void>;
  /** As text: lines end in the way of this machine. */
  getText?(target: Target, remote: string, local: string): Promise<void>;
  size?(target: Target, path: string): Promise<string>;
}

/** An address as a URL writes it. */
export function authority({ host, port, family }: Target): string {
  return family === "IPv6" ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A path with everything encoded that is not a plain character; a slash at the beginning stays one. */
export function encoded(path: string): string {
  return path
    .split("/")
    .map((name) => encodeURIComponent(name))
    .join("/");
}
