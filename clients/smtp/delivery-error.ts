import { WireError, type WireErrorCode } from "../../wire/errors.ts";
import { type MailServer, mailServerDefaults } from "./options.ts";

/** What nodemailer puts on its errors (its errors.d.ts). */
interface NodemailerError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly rejectedErrors?: readonly NodemailerError[];
  readonly recipient?: string;
}

const codes: Readonly<Record<string, WireErrorCode>> = {
  ECONNECTION: "CONNECTION_LOST",
  EDNS: "CONNECT_FAILED",
  EPROTOCOL: "PROTOCOL_VIOLATION",
  EREQUIRETLS: "TLS_FAILED",
  ESOCKET: "CONNECT_FAILED",
  ETIMEDOUT: "TIMED_OUT",
  ETLS: "TLS_FAILED",
};

/** Say in our words why a mail was not taken; a caller's mistake is a TypeError. */
export function deliveryError(error: unknown, { server = mailServerDefaults.server }: MailServer): Error {
  const failure = error as NodemailerError;
  const where = withoutPassword(server);
  const refused = failure.rejectedErrors ?? [];
  if (refused.length > 0) {
    const list = refused
      .map(({ recipient, response }) => `${recipient ?? "?"} (${response ?? ""})`)
      .join(", ");
    return new WireError("REPLY_UNEXPECTED", `${where} refused every recipient: ${list}`, { cause: error });
  }
  if (failure.response !== undefined && failure.code !== "ECONNECTION") {
    const command = failure.command ?? "a command";
    return new WireError(
      "REPLY_UNEXPECTED",
      `${where} after ${command} expected success, got ${failure.response}`,
      { cause: error },
    );
  }
  const code = codes[failure.code ?? ""];
  if (code === undefined) return new TypeError(failure.message, { cause: error });
  const isTls = code === "CONNECT_FAILED" && /certificate|self.signed|SSL|TLS/i.test(failure.message);
  return new WireError(isTls ? "TLS_FAILED" : code, `${where}: ${failure.message}`, { cause: error });
}

function withoutPassword(server: string): string {
  const url = URL.parse(server);
  if (!url) return server;
  url.password = "";
  return url.href;
}
