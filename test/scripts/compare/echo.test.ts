import { describe, expect, test } from "vitest";
import type { Echo } from "../../../scripts/compare/echo.ts";
import { echo as httpWithPortside } from "../../../scripts/compare/echo/portside/http.ts";
import { echo as tcpWithPortside } from "../../../scripts/compare/echo/portside/tcp.ts";
import { echo as tlsWithPortside } from "../../../scripts/compare/echo/portside/tls.ts";
import { echo as udpWithPortside } from "../../../scripts/compare/echo/portside/udp.ts";
import { echo as websocketWithPortside } from "../../../scripts/compare/echo/portside/websocket.ts";
import { linesOf } from "../../../scripts/compare/complexity.ts";
import { transports } from "../../../scripts/compare/transports.ts";
import { makeCertificateAuthority } from "../../../wire/certificate.ts";

const authority = makeCertificateAuthority();
const place = { host: "127.0.0.1", ...authority.issue({ names: ["127.0.0.1"] }) };

const echoes: readonly (readonly [string, Echo])[] = [
  ...Object.entries(transports).map(([name, { echo }]) => [name, echo] as const),
  ["http with Portside", httpWithPortside],
  ["tcp with Portside", tcpWithPortside],
  ["tls with Portside", tlsWithPortside],
  ["udp with Portside", udpWithPortside],
  ["websocket with Portside", websocketWithPortside],
];

describe("the echo that the comparison measures", () => {
  test.each(echoes)("%s gives every message back, in order", async (_name, echo) => {
    const { port } = await echo.serve(place);
    const client = await echo.connect({ host: place.host, port, ca: authority.certificate });
    const messages = ["a", "b".repeat(125), "c".repeat(126), "d".repeat(1_400)].map((text) =>
      Buffer.from(text),
    );
    for (const message of messages) {
      const { reply, over } = await client.call(message);
      expect(reply.toString()).toBe(message.toString());
      await over;
    }
    client.close();
  });

  test("counts lines of code, not of comment", () => {
    expect(linesOf("/** what\n * it is */\nconst a = 1;\n\n// why\nconst b = `\n`;\n")).toBe(3);
  });
});
