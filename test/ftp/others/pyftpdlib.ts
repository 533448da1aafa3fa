import { sharedLeaf } from "../../../wire/certificate.ts";
import { portForOthers, python, type Scratch } from "../../peers/tools.ts";
import { type Other, startProgram } from "./other.ts";

const program = `
import logging, sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import TLS_FTPHandler
from pyftpdlib.servers import FTPServer
host, port, root, pem = sys.argv[1:]
logging.basicConfig(level=logging.CRITICAL)
authorizer = DummyAuthorizer()
authorizer.add_user("ann", "secret", root, perm="elradfmwMT")
TLS_FTPHandler.certfile = pem
TLS_FTPHandler.authorizer = authorizer
TLS_FTPHandler.auth_failed_timeout = 0.1
FTPServer((host, int(port)), TLS_FTPHandler, backlog=1024).serve_forever()
`;

/** pyftpdlib over a folder; it has no implicit TLS. */
export async function startPyftpdlib(root: string, folder: Scratch): Promise<Other> {
  const { cert, key } = sharedLeaf();
  const pem = folder.file("pyftpdlib.pem", key + cert);
  const running: AsyncDisposable[] = [];
  const start = async (host: string): Promise<number> => {
    const port = await portForOthers();
    const args = ["-c", program, host, String(port), root, pem];
    running.push(await startProgram(python, args, host, port));
    return port;
  };
  const ports = { IPv4: await start("127.0.0.1"), IPv6: await start("::1") };
  return {
    user: "ann",
    password: "secret",
    port: ({ family, tls }) => (tls === "implicit" ? undefined : ports[family]),
    [Symbol.asyncDispose]: async () => {
      for (const one of running) await one[Symbol.asyncDispose]();
    },
  };
}
