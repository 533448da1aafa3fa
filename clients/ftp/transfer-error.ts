import { FTPError } from "basic-ftp";
import { WireError, type WireErrorCode } from "../../wire/errors.ts";

const codes: Readonly<Record<string, WireErrorCode>> = {
  ECONNREFUSED: "CONNECT_FAILED",
  ENOTFOUND: "CONNECT_FAILED",
  EAI_AGAIN: "CONNECT_FAILED",
  EHOSTUNREACH: "CONNECT_FAILED",
  ENETUNREACH: "CONNECT_FAILED",
  ETIMEDOUT: "TIMED_OUT",
  ECONNRESET: "CONNECTION_LOST",
  EPIPE: "CONNECTION_LOST",
};

/** Say in our words why something with a file server failed; what went wrong with local files stays as it is. */
export function transferError(error: unknown, server: string, doing: string): Error {
  if (error instanceof WireError || error instanceof TypeError) return error;
  if (error instanceof FTPError) {
    return new WireError("REPLY_UNEXPECTED", `${server} after ${doing}: ${error.message}`, { cause: error });
  }
  const failure: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const code = codes[failure.code ?? ""];
  if (code) return new WireError(code, `${server} at ${doing}: ${failure.message}`, { cause: error });
  if (/timeout/i.test(failure.message)) {
    return new WireError("TIMED_OUT", `${server} at ${doing}: ${failure.message}`, { cause: error });
  }
  if (/certificate|self.signed|SSL|TLS/i.test(failure.message) && failure.code !== "ENOENT") {
    return new WireError("TLS_FAILED", `${server}: ${failure.message}`, { cause: error });
  }
  if (/closed|FIN packet/i.test(failure.message)) {
    return new WireError("CONNECTION_LOST", `${server} at ${doing}: ${failure.message}`, { cause: error });
  }
  return failure;
}
