/** Somebody who has said something that has not left yet. */
export interface Speaking {
  /** Let it leave now; nothing happens when it has left already. */
  flush(): void;
}

let speaking: Speaking[] = [];

/**
 * Let it leave when everybody has been heard whose bytes are there in this turn of the event loop. A write wakes the
 * process that waits for it, which costs more than the write; those behind it find their reader awake.
 */
export function flushSoon(speaker: Speaking): void {
  if (speaking.push(speaker) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const all = speaking;
  speaking = [];
  for (const speaker of all) speaker.flush();
}
