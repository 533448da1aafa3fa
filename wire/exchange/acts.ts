import type { Context } from "./context.ts";
import type { Link } from "./link.ts";
import { standing } from "./hearing.ts";
import { pause } from "./news.ts";
import { printAct } from "./print.ts";
import { parseAddress } from "./address.ts";
import { milliseconds } from "./script.ts";
import type { Act, Direction } from "./script.ts";
import type { Channel } from "./stage.ts";
import { visible } from "./byte-string.ts";
import { WireError } from "../errors.ts";

/** Performs a stage direction: does it when the actor is us, expects it of the other side otherwise. */
export async function perform(context: Context, item: Direction): Promise<void> {
  const { act } = item;
  await context.flush();
  const note = (): void => context.trace.line(item.at, `(${printAct(act)})`);
  switch (act.does) {
    case "connects":
      await connect(context, act);
      note();
      return;
    case "listens":
      if (act.actor === context.us)
        context.bindAddress(act.connection, await context.options.stage.listen(act.connection));
      else context.listened.add(act.connection);
      note();
      return;
    case "starts TLS":
      await startTls(context, context.need(act.connection));
      note();
      return;
    case "closes":
    case "half-closes":
    case "resets": {
      const link = context.need(act.connection);
      if (act.actor === context.us) await leave(act.does, link);
      else await awaitEnd(context, link, act.does);
      note();
      return;
    }
    case "waits":
      if (act.actor === context.us) await pause(milliseconds(act.duration));
      else context.extraMs += milliseconds(act.duration);
      return;
    case "within":
      context.withinMs = milliseconds(act.duration);
      return;
    case "silence":
      await silence(context, milliseconds(act.duration));
      note();
      return;
    case "drips":
      if (act.actor === context.us) {
        context.spoil = { does: act.does, bytes: act.bytes, everyMs: milliseconds(act.every) };
      } else context.extraMs += 60_000;
      return;
    case "truncates":
    case "garbles":
      if (act.actor === context.us) context.spoil = { does: act.does, bytes: act.bytes };
      return;
    case "stalls":
      if (act.actor === context.us) await stall(context, context.need(act.connection));
      return;
    case "pass":
      if (act.quietly) {
        throw context.deviation("error", "(pass quietly) needs a real server behind it", {
          hint: "use interpose",
        });
      }
      context.isPassed = true;
      return;
    case "include":
      throw context.deviation("error", `(include ${act.path}) was not resolved`, {
        hint: "load the script from its file",
      });
  }
}

async function connect(context: Context, act: Extract<Act, { does: "connects" }>): Promise<void> {
  const { stage } = context.options;
  const name = act.connection ?? "";
  let channel: Channel;
  if (act.actor === context.us) {
    const to = act.to === undefined ? undefined : parseAddress(act.to);
    if (act.to !== undefined && to === undefined)
      throw new TypeError(`'${act.to}' is not an address such as [::1]:21`);
    channel = await stage.connect(to ?? (name === "" ? undefined : context.address(name)));
  } else {
    const isListened = name !== "" && context.listened.has(name);
    const arriving = stage.accept(isListened ? name : undefined);
    // A server waits for its first client as long as it takes.
    channel = context.links.size === 0 ? await arriving : await inTime(context, arriving);
  }
  context.add(name, channel);
  context.settle();
}

/** A connection that comes in after all is not for this script any more. */
async function inTime(context: Context, accepting: Promise<Channel>): Promise<Channel> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), context.patienceMs);
  });
  try {
    const channel = await Promise.race([accepting, late]);
    if (channel === undefined) throw context.timeout(context.here, undefined);
    return channel;
  } finally {
    clearTimeout(timer);
    accepting.catch(() => {});
  }
}

async function startTls(context: Context, link: Link): Promise<void> {
  // Whatever waits now came in clear: a reply or command smuggled in before the handshake (RFC 3207 section 4.2).
  const early = link.inbox.bytes;
  // A secondary connection can be meant for TLS from its first byte, which may be here before we are.
  const isHandshake =
    link.name !== "" && link.inbox.receivedBytes === early.length && early.startsWith("\x16\x03");
  if (early !== "" && !isHandshake) {
    throw context.deviation("tls", `${early.length} bytes in clear wait before the TLS handshake`, {
      actual: context.scope.mask(early),
    });
  }
  try {
    const version = await link.channel.startTls(context.us === "S", early);
    if (isHandshake) link.inbox.takeBytes(early.length);
    link.inbox.restart();
    context.trace.note(version);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw context.deviation("tls", error.message);
  }
}

async function leave(how: "closes" | "half-closes" | "resets", link: Link): Promise<void> {
  if (how === "closes") link.end();
  else if (how === "half-closes") link.channel.end();
  else {
    // A reset throws away what the socket still holds: the reply before it would be lost.
    await link.channel.flushed();
    link.channel.reset();
  }
}

async function awaitEnd(
  context: Context,
  link: Link,
  how: "closes" | "half-closes" | "resets",
): Promise<void> {
  const deadline = performance.now() + context.patienceMs;
  for (;;) {
    await standing(context, link, context.scope);
    if (link.inbox.end !== undefined || link.inbox.messages.length > 0) break;
    if (!(await context.news.wait(deadline))) throw context.timeout(context.here, link);
  }
  context.settle();
  const rest = link.inbox.bytes;
  if (rest !== "") {
    const size = `${rest.length.toLocaleString("en")} byte${rest.length === 1 ? "" : "s"}`;
    throw context.deviation("noise", `${size} came before the end of the connection`, {
      actual: context.scope.mask(rest),
    });
  }
  const wanted = how === "resets" ? "reset" : "closed";
  if (link.inbox.end !== wanted) {
    const is = link.inbox.end === "reset" ? "was reset" : "was closed, not reset";
    throw context.deviation("closed", `the connection ${is}${link.error ? ` (${link.error.message})` : ""}`);
  }
}

/**
 * Nobody says anything, on any connection. The two sides do not begin to count at the same moment: what comes in the
 * last quarter may be the other side going on, and is left to the next line.
 */
async function silence(context: Context, ms: number): Promise<void> {
  const startMs = performance.now();
  do {
    const noisy = [...context.links.values()].find((link) => !link.inbox.isEmpty);
    if (noisy === undefined) continue;
    if (performance.now() - startMs >= ms * 0.75) return;
    const bytes = context.scope.mask(noisy.inbox.bytes);
    throw context.deviation("noise", `something came in the silence: ${visible(bytes.slice(0, 200))}`, {
      actual: bytes,
    });
  } while (await context.news.wait(startMs + ms));
}

/** Says nothing more until the other side has given up. */
async function stall(context: Context, link: Link): Promise<void> {
  const deadline = performance.now() + context.patienceMs + 60_000;
  while (link.inbox.end === undefined && (await context.news.wait(deadline)));
}
