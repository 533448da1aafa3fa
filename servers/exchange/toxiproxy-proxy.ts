import { startInterposer, type Interposer } from "./interposer.ts";
import { ruleOf, type Toxic, ToxiproxyError } from "./toxic.ts";

/** A proxy as toxiproxy's API shows it. */
export interface ProxyShape {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly Toxic[];
}

/** One proxy of toxiproxy's: an interposer that can be switched off, with toxics that outlive the switching. */
export class ToxiproxyProxy {
  readonly name: string;
  #listen: string;
  #upstream: string;
  #interposer: Interposer | undefined;
  readonly #toxics = new Map<string, Toxic>();
  readonly #takeOut = new Map<string, () => void>();

  constructor(name: string, listen: string, upstream: string) {
    this.name = name;
    this.#listen = listen;
    this.#upstream = upstream;
  }

  get shape(): ProxyShape {
    return {
      name: this.name,
      listen: this.#listen,
      upstream: this.#upstream,
      enabled: this.#interposer !== undefined,
      toxics: [...this.#toxics.values()],
    };
  }

  /** @throws ToxiproxyError 400 for an address that is none; WireError ADDRESS_IN_USE */
  async enable(): Promise<void> {
    if (this.#interposer) return;
    const { host, port } = addressOf(this.#listen);
    const target = `tcp://${hostPort(addressOf(this.#upstream))}`;
    const toxics = [...this.#toxics.values()];
    this.#interposer = await startInterposer({ target, host, port, dialect: "raw" });
    this.#listen = hostPort(this.#interposer);
    for (const toxic of toxics) this.#takeOut.set(toxic.name, this.#interposer.rules.add(ruleOf(toxic)));
  }

  /** Nobody can connect any more, and whoever is connected is let go. */
  async disable(): Promise<void> {
    const interposer = this.#interposer;
    this.#interposer = undefined;
    this.#takeOut.clear();
    await interposer?.close({ graceMs: 0 });
  }

  /** Change addresses: the proxy starts anew when one is another. */
  async move(listen: string, upstream: string): Promise<void> {
    if (listen === this.#listen && upstream === this.#upstream) return;
    const isEnabled = this.#interposer !== undefined;
    await this.disable();
    this.#listen = listen;
    this.#upstream = upstream;
    if (isEnabled) await this.enable();
  }

  toxics(): readonly Toxic[] {
    return [...this.#toxics.values()];
  }

  /** @throws ToxiproxyError 404 */
  toxic(name: string): Toxic {
    const toxic = this.#toxics.get(name);
    if (!toxic) throw new ToxiproxyError(404, "toxic not found");
    return toxic;
  }

  /** @throws ToxiproxyError 409 when the name is taken, 400 when the settings make no sense */
  add(toxic: Toxic): void {
    if (this.#toxics.has(toxic.name)) throw new ToxiproxyError(409, "toxic already exists");
    this.#put(toxic);
  }

  /** Change a toxic, on connections that are open too. */
  update(toxic: Toxic): void {
    this.toxic(toxic.name);
    const takeOut = this.#takeOut.get(toxic.name);
    this.#put(toxic);
    takeOut?.();
  }

  remove(name: string): void {
    this.toxic(name);
    this.#toxics.delete(name);
    this.#takeOut.get(name)?.();
    this.#takeOut.delete(name);
  }

  clear(): void {
    for (const name of this.#toxics.keys()) this.remove(name);
  }

  #put(toxic: Toxic): void {
    try {
      const takeOut = this.#interposer?.rules.add(ruleOf(toxic));
      if (takeOut) this.#takeOut.set(toxic.name, takeOut);
    } catch (error) {
      throw new ToxiproxyError(400, error instanceof Error ? error.message : String(error));
    }
    this.#toxics.set(toxic.name, toxic);
  }
}

function addressOf(text: string): { readonly host: string; readonly port: number } {
  const found = /^(?:tcp:\/\/)?(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  if (!found || Number(found[3]) > 65_535)
    throw new ToxiproxyError(400, `"${text}" is no address such as 127.0.0.1:1025`);
  return { host: found[1] ?? (found[2] || "127.0.0.1"), port: Number(found[3]) };
}

function hostPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
