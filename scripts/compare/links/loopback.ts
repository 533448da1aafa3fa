import { direct, type Link } from "../link.ts";
import { openNamespace } from "./namespace.ts";

/** The loopback device of a network of its own. @throws Error where none is to be had */
export async function openLoopback(): Promise<Link> {
  const namespace = await openNamespace();
  return {
    ...direct,
    kind: "loopback",
    about: "the loopback device of a network namespace; bytes and packets from the kernel's counters",
    host: "127.0.0.1",
    serverEnd: namespace.enter,
    clientEnd: namespace.enter,
    device: "lo",
    [Symbol.asyncDispose]: () => namespace[Symbol.asyncDispose](),
  };
}
