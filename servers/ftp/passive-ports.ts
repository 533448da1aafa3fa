/**
 * The ports on which data connections are awaited. A port is bound when it is first needed and listened on directly:
 * nobody else can take it in between. After use it stays bound and goes to whoever asks next, oldest first, so that a
 * client that fetches 500 files does not cost 500 listeners. A port that was given out and not used is closed: its
 * connection may still be on the way, and must not end up with somebody else.
 */
import { createServer, type Server, type Socket } from "node:net";
import { WireError } from "../../wire/errors.ts";
import type { PortRange } from "./options.ts";

/** A port that is a session's alone until it is given back. */
export interface PassivePort {
  readonly port: number;
  /** Who gets the connections; without anybody they are closed at once. */
  accept: ((socket: Socket) => void) | undefined;
  /** Give it back. @param isUsed whether the awaited connection came */
  release(isUsed: boolean): void;
}

/** So many ports stay bound without being used. */
const maxIdlePorts = 256;

export class PassivePorts {
  readonly #range: PortRange | undefined;
  readonly #idle: BoundPort[] = [];
  readonly #bound = new Set<BoundPort>();
  readonly #waiting: Waiting[] = [];
  /** Addresses and ports of the range that are bound or being bound. */
  readonly #taken = new Set<string>();
  #next: number;
  #isClosed = false;

  constructor(range?: PortRange) {
    this.#range = range;
    this.#next = range?.from ?? 0;
  }

  /**
   * A port on this address. When a range is used up, one waits for its turn.
   * @throws WireError TIMED_OUT when none became free, ADDRESS_IN_USE when others have them all
   */
  lease(host: string, timeoutMs: number): PassivePort | Promise<PassivePort> {
    const index = this.#idle.findIndex((port) => port.host === host);
    const [idle] = index === -1 ? [] : this.#idle.splice(index, 1);
    return idle ?? this.#bind(host, timeoutMs);
  }

  async #bind(host: string, timeoutMs: number): Promise<PassivePort> {
    if (!this.#range) return await this.#listen(host, 0);
    for (let tries = this.#range.to - this.#range.from + 1; tries > 0; tries -= 1) {
      const port = this.#next;
      this.#next = port === this.#range.to ? this.#range.from : port + 1;
      const name = `${host} ${port}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      try {
        return await this.#listen(host, port);
      } catch {
        // Another process has it: try the next one.
        this.#taken.delete(name);
      }
    }
    return await this.#wait(host, timeoutMs);
  }

  async #listen(host: string, port: number): Promise<BoundPort> {
    const bound = await BoundPort.listen(host, port, (returned, isUsed) => this.#takeBack(returned, isUsed));
    this.#bound.add(bound);
    if (this.#isClosed) bound.close();
    return bound;
  }

  #wait(host: string, timeoutMs: number): Promise<PassivePort> {
    if (this.#taken.size === 0) {
      const error = new WireError("ADDRESS_IN_USE", "other processes have every passive port of the range");
      this.#refuseWaiting(error);
      throw error;
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new WireError("TIMED_OUT", `no passive port became free in ${timeoutMs} ms`));
      }, timeoutMs);
      const waiting: Waiting = { host, timeoutMs, timer, resolve, reject };
      this.#waiting.push(waiting);
    });
  }

  #takeBack(port: BoundPort, isUsed: boolean): void {
    const isKept =
      isUsed && !this.#isClosed && (this.#range !== undefined || this.#idle.length < maxIdlePorts);
    if (isKept) this.#idle.push(port);
    else {
      this.#bound.delete(port);
      port.close(() => this.#taken.delete(`${port.host} ${port.port}`));
    }
    const next = this.#waiting.shift();
    if (!next) return;
    clearTimeout(next.timer);
    const serve = async (): Promise<void> => next.resolve(await this.lease(next.host, next.timeoutMs));
    if (isKept) serve().catch(next.reject);
    // The port is free when the listener is gone, one turn of the loop later.
    else setImmediate(() => void serve().catch(next.reject));
  }

  close(): void {
    this.#isClosed = true;
    for (const port of this.#bound) port.close();
    this.#bound.clear();
    this.#idle.length = 0;
    this.#refuseWaiting(new WireError("CONNECTION_LOST", "the server closes"));
  }

  #refuseWaiting(error: WireError): void {
    for (const { timer, reject } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(error);
    }
  }
}

interface Waiting {
  readonly host: string;
  readonly timeoutMs: number;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (port: PassivePort) => void;
  readonly reject: (error: unknown) => void;
}

class BoundPort implements PassivePort {
  accept: ((socket: Socket) => void) | undefined;
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #takeBack: (port: BoundPort, isUsed: boolean) => void;

  static async listen(
    host: string,
    port: number,
    takeBack: (port: BoundPort, isUsed: boolean) => void,
  ): Promise<BoundPort> {
    // Paused: who reads, and how, is decided by the command.
    const server = createServer({ noDelay: true, pauseOnConnect: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port, exclusive: true }, () => {
        server.off("error", reject);
        // No descriptors left: the connection does not come, and its client hears so when its time is up.
        server.on("error", () => {});
        resolve();
      });
    });
    return new BoundPort(server, host, takeBack);
  }

  private constructor(server: Server, host: string, takeBack: (port: BoundPort, isUsed: boolean) => void) {
    const address = server.address();
    this.host = host;
    this.port = typeof address === "object" && address ? address.port : 0;
    this.#server = server;
    this.#takeBack = takeBack;
    server.unref();
    server.on("connection", (socket) => {
      if (this.accept) this.accept(socket);
      else socket.destroy();
    });
  }

  release(isUsed: boolean): void {
    this.accept = undefined;
    this.#takeBack(this, isUsed);
  }

  close(then?: () => void): void {
    this.#server.close(then);
  }
}
