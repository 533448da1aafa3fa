import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { answerBench } from "../../child.ts";

/* The least that node:http can do: one body from memory, with the fields that a file has. */

const body = readFileSync(join(process.argv[2] ?? ".", "1k.bin"));
const modified = new Date().toUTCString();
const server = createServer((_request, response) => {
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-length": body.length,
    "last-modified": modified,
    etag: '"1"',
    "accept-ranges": "bytes",
  });
  response.end(body);
}).listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
answerBench({ port: typeof address === "object" && address ? address.port : 0 }, () => ({}));
