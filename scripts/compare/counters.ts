import { readFileSync } from "node:fs";
import type { Crossed } from "./figures.ts";

/**
 * What the kernel has counted on a device of this process's network (`/proc/net/dev`). On the loopback device a packet
 * is counted once where it leaves and once where it arrives; the first is taken. Elsewhere both directions add up.
 */
export function countersOf(device: string): Crossed {
  const line = readFileSync("/proc/self/net/dev", "utf8")
    .split("\n")
    .find((one) => one.trim().startsWith(`${device}:`));
  if (line === undefined) throw new Error(`this network has no device ${device}`);
  const counts = line
    .slice(line.indexOf(":") + 1)
    .trim()
    .split(/\s+/)
    .map(Number);
  const sent = { bytes: counts[8]!, packets: counts[9]! };
  if (device === "lo") return sent;
  return { bytes: counts[0]! + sent.bytes, packets: counts[1]! + sent.packets };
}
