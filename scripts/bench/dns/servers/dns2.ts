import dns2 from "dns2";
import { answerBench } from "../../child.ts";
import { hosts } from "../zone.ts";

/* npm's dns2 with the same names in a map: the least that its user writes. */

const { Packet } = dns2;
const answers = new Map<string, object>();
for (let n = 0; n < hosts; n++) {
  const head = { ttl: 60, class: Packet.CLASS.IN };
  answers.set(`h${n}.example.test`, {
    ...head,
    name: `h${n}.example.test`,
    type: Packet.TYPE.A,
    address: `192.0.2.${n % 250}`,
  });
  answers.set(`m${n}.example.test`, {
    ...head,
    name: `m${n}.example.test`,
    type: Packet.TYPE.MX,
    exchange: `h${n}.example.test`,
    priority: 10,
  });
}

const server = dns2.createServer({
  udp: true,
  handle: (request, send) => {
    const response = Packet.createResponseFromRequest(request);
    const answer = answers.get(request.questions[0]?.name ?? "");
    if (answer) response.answers.push(answer as never);
    void send(response);
  },
});
const { udp } = await server.listen({ udp: { port: 0, address: "127.0.0.1" } });

answerBench({ port: (udp as unknown as { readonly port: number }).port }, () => ({}));
