import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls, createSecureContext } from "node:tls";
import { generateLoad } from "./load.ts";

/*
 * Whole TLS handshakes, none of them resumed, at once or behind STARTTLS (first argument: `starttls`). A handshake is
 * done when the server's first record after it has come: in TLS 1.3 a client alone cannot know that the server is done.
 */

const secureContext = createSecureContext();
const hasStartTls = process.argv[2] === "starttls";

generateLoad(async (port, next) => {
  while (next()) {
    const plain = connect({ port, host: "127.0.0.1", noDelay: true });
    if (hasStartTls) {
      await reply(plain);
      plain.write("EHLO load.test\r\n");
      await reply(plain);
      plain.write("STARTTLS\r\n");
      await reply(plain);
    } else await once(plain, "connect");
    const secure = connectTls({ socket: plain, secureContext, rejectUnauthorized: false });
    secure.on("error", () => {});
    // The session ticket is the server's first record after the handshake.
    await once(secure, "session");
    secure.destroy();
  }
});

/** The next reply, whole. */
async function reply(socket: Socket): Promise<void> {
  let text = "";
  do {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    text += chunk.toString();
  } while (!/^\d{3} .*\r\n$/m.test(text));
}
