import { run, type Spawned } from "../../scripts/spawned.ts";

/** Run `npm run ticker` in a process of its own, and wait until it is ready. */
export async function runMarket(args: readonly string[]): Promise<Spawned & { readonly feedUrl: string }> {
  const spawned = run("ticker", args);
  const { stream } = JSON.parse(await spawned.said("stdout", /^.*\n/)) as { stream: string };
  return Object.assign(Object.create(spawned) as Spawned, { feedUrl: stream.replace("/stream", "/feed") });
}
