/** TLS on the control and on the data connections: AUTH, PBSZ, PROT, CCC (RFC 2228, RFC 4217). */
import type { Command } from "../command.ts";
import { reply } from "../replies.ts";

export const auth: Command = {
  verb: "AUTH",
  syntax: "TLS",
  argument: "required",
  isForEverybody: true,
  feature: "AUTH TLS",
  run: (session, mechanism) => {
    if (!/^(TLS(-[CP])?|SSL)$/i.test(mechanism)) return reply(504, "Security mechanism not understood.");
    if (session.voice.tls) return reply(503, "TLS is on already.");
    if (session.isCleared) return reply(534, "Not after CCC.");
    // draft-murray-auth-ftp-ssl: after AUTH SSL the data connections are private without being asked.
    session.hasPrivateData = /^(SSL|TLS-P)$/i.test(mechanism);
    return { ...reply(234, "Proceed with the handshake."), startTls: true };
  },
};

export const pbsz: Command = {
  verb: "PBSZ",
  syntax: "0",
  argument: "required",
  isForEverybody: true,
  feature: "PBSZ",
  run: (session, size) => {
    if (!session.voice.tls) return reply(503, "PBSZ is for connections with TLS.");
    if (!/^\d{1,10}$/.test(size)) return reply(501, "Syntax: PBSZ 0");
    session.hasBufferSize = true;
    // RFC 4217 section 8: TLS needs no buffer, whatever was asked for.
    return reply(200, "PBSZ=0");
  },
};

export const prot: Command = {
  verb: "PROT",
  syntax: "C|P",
  argument: "required",
  isForEverybody: true,
  feature: "PROT",
  run: (session, level) => {
    // Whoever is on the way could ask for clear data as well.
    if (session.isCleared) return reply(503, "Not after CCC.");
    if (!session.hasBufferSize) return reply(503, "PBSZ first.");
    const letter = level.toUpperCase();
    if (letter === "S" || letter === "E") return reply(536, "Protection level not supported.");
    if (letter !== "C" && letter !== "P") return reply(504, "Protection level not understood.");
    if (letter === "C" && session.house.options.requireTls) return reply(534, "PROT P is required.");
    session.hasPrivateData = letter === "P";
    return reply(200, `Protection level set to ${letter}.`);
  },
};

export const ccc: Command = {
  verb: "CCC",
  syntax: "",
  argument: "forbidden",
  feature: ({ house }) => (house.options.allowCcc ? "CCC" : undefined),
  run: (session) => {
    if (!session.voice.tls) return reply(533, "There is no protection.");
    if (!session.house.options.allowCcc) return reply(534, "The control connection stays protected.");
    return { ...reply(200, "The control connection goes on in clear."), endTls: true };
  },
};
