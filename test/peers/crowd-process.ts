import { once } from "node:events";
import { connect, type Socket } from "node:net";

/* A crowd in a process of its own: argv says port and size; says "here" when all are connected, and stays until it is killed. */

const [port, size] = process.argv.slice(2).map(Number) as [number, number];
const crowd: Socket[] = [];
while (crowd.length < size) {
  const batch = Array.from({ length: 200 }, () => connect(port, "127.0.0.1"));
  await Promise.all(batch.map((socket) => once(socket, "connect")));
  crowd.push(...batch);
}
process.send?.("here");
