import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { KeyedCertificate } from "../../wire/certificate.ts";
import { makeCertificateAuthority } from "../../wire/certificate.ts";
import { type AskedProcess, startAsked } from "../asked-process.ts";
import type { Address, Place } from "./echo.ts";
import type { Link } from "./link.ts";

/** The two ends of a measurement, each in a process of its own. */
export interface Parties {
  readonly server: AskedProcess<{ readonly port: number }>;
  readonly client: AskedProcess<object>;
  /** The port that the client dials. */
  readonly port: number;
}

/** A file beside this one, as this one is: a source in the repository, JavaScript in the package. */
const fileOf = (name: string): string =>
  fileURLToPath(new URL(`./parties/${name}${extname(import.meta.url)}`, import.meta.url));

/** Starts parties on one link; they end with it. */
export class Meeting implements AsyncDisposable {
  readonly link: Link;
  readonly #authority = makeCertificateAuthority();
  readonly #leaf: KeyedCertificate;
  readonly #processes: { stop(): Promise<void> }[] = [];

  constructor(link: Link) {
    this.link = link;
    const { cert, key } = this.#authority.issue({ names: [link.host] });
    // Who trusts the authority does not need its certificate in every handshake.
    this.#leaf = { cert: `${cert.split("-----END CERTIFICATE-----")[0]}-----END CERTIFICATE-----\n`, key };
  }

  /** Start a server and a client of it: `echo-server` and `echo-caller`, or `push-server` and `push-listener`. */
  async bring(serverFile: string, clientFile: string, name: string, isDatagrams: boolean): Promise<Parties> {
    const { host, device, serverEnd, clientEnd } = this.link;
    const place: Place = { host, ...this.#leaf };
    const run = (file: string): string[] => [process.execPath, "--expose-gc", fileOf(file), name];
    const server = await startAsked<{ readonly port: number }>([
      ...serverEnd,
      ...run(serverFile),
      JSON.stringify(place),
    ]);
    this.#processes.push(server);
    const port = await this.link.portFor(server.ready.port, isDatagrams);
    const address: Address = { host, port, ca: this.#authority.certificate };
    const client = await startAsked<object>([
      ...clientEnd,
      ...run(clientFile),
      JSON.stringify(address),
      ...(device === undefined ? [] : [device]),
    ]);
    this.#processes.push(client);
    return { server, client, port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.stop()));
    await this.link[Symbol.asyncDispose]();
  }
}
