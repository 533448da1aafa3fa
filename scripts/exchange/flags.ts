import type { ListenAddress } from "../../wire/listener.ts";

/** What the verbs of `portside exchange` are told. */
export interface ExchangeFlags {
  readonly target: string | undefined;
  readonly listen: Required<Omit<ListenAddress, "path">> | undefined;
  readonly report: readonly string[];
  readonly timeout: number | undefined;
  /** Where toxiproxy's API listens. */
  readonly control: Required<Omit<ListenAddress, "path">> | undefined;
  /** Where a recording goes. */
  readonly out: string | undefined;
  readonly seed: number | undefined;
  readonly ca: string | undefined;
  readonly mutate: boolean;
  readonly update: boolean;
  readonly again: boolean;
  readonly many: boolean;
  readonly write: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** A verb: gives the exit code. 0 passed, 1 wrong flags, 2 does not parse, 3 no connection, 4 a deviation. */
export type VerbRun = (files: readonly string[], flags: ExchangeFlags) => Promise<number>;
