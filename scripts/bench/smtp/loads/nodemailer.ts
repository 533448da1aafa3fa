import { createTransport } from "nodemailer";
import { generateLoad } from "./load.ts";

/* What a test does: make a transport, send one mail, forget the transport. */

const letter = {
  from: "shop@example.com",
  to: "ann@example.com",
  subject: "Welcome",
  text: "Hello Ann,\n\nyour code is 493817.\n",
};

generateLoad(async (port, next) => {
  while (next()) {
    // Without TLS at either server: the bare sink has none.
    const transport = createTransport({ host: "127.0.0.1", port, ignoreTLS: true });
    await transport.sendMail(letter);
    transport.close();
  }
});
