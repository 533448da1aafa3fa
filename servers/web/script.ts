/** One step of an answer that is not made by the rules. */
export type Act =
  /** These bytes, in a write of their own. */
  | { readonly say: string | Uint8Array }
  | { readonly waitMs: number }
  /** FIN. */
  | { readonly do: "end" }
  /** RST. */
  | { readonly do: "reset" }
  /** Nothing more, until the client goes. */
  | { readonly do: "be silent" };

const mark = Symbol("script");

/** An answer said exactly: what leaves, when, and how it ends. What it does not end goes on with the next request. */
export interface Script {
  readonly [mark]: true;
  readonly acts: readonly Act[];
  /** For the log: `truncated body`. */
  readonly title: string;
}

/** Make an answer of steps. Text leaves as UTF-8. */
export function script(acts: readonly Act[], title = "script"): Script {
  return { [mark]: true, acts, title };
}

export function isScript(reply: unknown): reply is Script {
  return typeof reply === "object" && reply !== null && mark in reply;
}

/** Who performs: a connection. */
export interface Stage {
  /** Send at once; resolves when the client has room again. */
  send(bytes: string | Uint8Array): Promise<void> | undefined;
  end(): void;
  reset(): void;
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>;
  /** Resolves when the client has nothing more to say, and hears no more: at its FIN already. */
  readonly left: Promise<void>;
}

/** Perform a script. @returns bytes sent, and whether the connection may go on */
export async function perform(
  { acts }: Script,
  stage: Stage,
): Promise<{ sentBytes: number; isOver: boolean }> {
  let sentBytes = 0;
  let isGone = false;
  const gone = stage.gone.then(() => (isGone = true));
  for (const act of acts) {
    if (isGone) break;
    if ("say" in act) {
      sentBytes += Buffer.byteLength(act.say);
      await stage.send(act.say);
    } else if ("waitMs" in act) await Promise.race([gone, waited(act.waitMs, stage.gone)]);
    else if (act.do === "end") {
      stage.end();
      return { sentBytes, isOver: true };
    } else if (act.do === "reset") {
      stage.reset();
      return { sentBytes, isOver: true };
    } else {
      await stage.left;
      stage.end();
      return { sentBytes, isOver: true };
    }
  }
  return { sentBytes, isOver: isGone };
}

async function waited(delayMs: number, gone: Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    void gone.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
