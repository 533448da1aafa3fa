/** How many round trips count. */
const keptTrips = 24;

interface Trip {
  readonly roundTripMs: number;
  readonly offsetMs: number;
}

/**
 * What time it is at the server. Each ping gives a guess, which is wrong by at most half of its round trip; so the
 * guess of the shortest trip of the last ones is the one that counts.
 *
 *     we      ──sent──────────────────got──▶
 *     server  ──────────timeMs─────────────▶    offset = timeMs − (sent + got) / 2
 */
export class ServerClock {
  readonly #sentMs = new Map<number, number>();
  #trips: Trip[] = [];
  /** The best trip over another way. */
  #before: Trip | undefined;
  #lastId = 0;

  /** A number for a ping that leaves now. */
  ping(nowMs: number): number {
    this.#lastId += 1;
    this.#sentMs.set(this.#lastId, nowMs);
    // What was never answered is forgotten.
    this.#sentMs.delete(this.#lastId - keptTrips);
    return this.#lastId;
  }

  /** The answer to a ping; an answer to none is ignored. */
  pong(id: number, timeMs: number, nowMs: number): void {
    const sentMs = this.#sentMs.get(id);
    if (sentMs === undefined) return;
    this.#sentMs.delete(id);
    this.#trips.push({ roundTripMs: nowMs - sentMs, offsetMs: timeMs - (sentMs + nowMs) / 2 });
    if (this.#trips.length > keptTrips) this.#trips.shift();
  }

  /** Forget everything. */
  reset(): void {
    this.#sentMs.clear();
    this.#trips = [];
    this.#before = undefined;
  }

  /** The way to the server has become another one: what is known counts until the first new trip. */
  relearn(): void {
    this.#before = this.#best;
    this.#sentMs.clear();
    this.#trips = [];
  }

  get isSet(): boolean {
    return this.#best !== undefined;
  }

  /** The last round trip; 0 before the first. */
  get roundTripMs(): number {
    return this.#trips.at(-1)?.roundTripMs ?? 0;
  }

  /** The longest of the last round trips. */
  get slowestMs(): number {
    const slowestMs = Math.max(0, ...this.#trips.map((trip) => trip.roundTripMs));
    return this.#trips.length > 0 ? slowestMs : (this.#before?.roundTripMs ?? 0);
  }

  /** The shortest of the last round trips. */
  get quickestMs(): number {
    return this.#best?.roundTripMs ?? 0;
  }

  /** How much the last round trips differ from their mean, on average. */
  get jitterMs(): number {
    if (this.#trips.length === 0) return 0;
    const mean = this.#trips.reduce((sum, trip) => sum + trip.roundTripMs, 0) / this.#trips.length;
    return this.#trips.reduce((sum, trip) => sum + Math.abs(trip.roundTripMs - mean), 0) / this.#trips.length;
  }

  /** What has to be added to our time to have the server's. */
  get offsetMs(): number {
    return this.#best?.offsetMs ?? 0;
  }

  /** The server's time when ours is `nowMs`. */
  serverMs(nowMs: number): number {
    return nowMs + this.offsetMs;
  }

  get #best(): Trip | undefined {
    return (
      this.#trips.reduce<Trip | undefined>(
        (best, trip) => (best && best.roundTripMs <= trip.roundTripMs ? best : trip),
        undefined,
      ) ?? this.#before
    );
  }
}
