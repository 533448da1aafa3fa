import { python, runTool } from "../../peers/tools.ts";
import type { Peer, Target } from "./peer.ts";

/** Python's own client; one line of it is run after the login. */
const program = `
import ftplib, json, os, ssl, sys
target = json.loads(sys.argv[1])
args = sys.argv[3:]
context = ssl._create_unverified_context()
class Implicit(ftplib.FTP_TLS):
    def connect(self, host, port):
        import socket
        self.host = host
        self.sock = self.context.wrap_socket(socket.create_connection((host, port), 10))
        self.af = self.sock.family
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome
    def login(self, user, password):
        return ftplib.FTP.login(self, user, password)
# The server of an implicit connection offers no TLS to begin with, but the session can be resumed all the same.
kinds = {"none": ftplib.FTP, "explicit": ftplib.FTP_TLS, "implicit": Implicit}
ftp = kinds[target["tls"]](timeout=10) if target["tls"] == "none" else kinds[target["tls"]](context=context, timeout=10)
ftp.connect(target["host"], target["port"])
ftp.login(target["user"], target["password"])
if target["tls"] != "none": ftp.prot_p()
ftp.set_pasv(target["mode"] == "passive")
def put(local, remote, verb="STOR", rest=None):
    with open(local, "rb") as file:
        if rest: file.seek(rest)
        ftp.storbinary(verb + " " + remote, file, rest=rest)
def get(remote, local):
    there = os.path.getsize(local) if os.path.exists(local) else 0
    with open(local, "ab") as file: ftp.retrbinary("RETR " + remote, file.write, rest=there or None)
def text(remote, local):
    with open(local, "w") as file: ftp.retrlines("RETR " + remote, lambda line: file.write(line + "\\n"))
def resume(local, remote):
    ftp.voidcmd("TYPE I")
    put(local, remote, rest=ftp.size(remote))
def size(path):
    ftp.voidcmd("TYPE I")
    print(ftp.size(path))
def listing(folder):
    ftp.retrlines("LIST " + folder)
    for name, facts in ftp.mlsd(folder): print(name, facts)
    print(ftp.nlst(folder))
{"put": put, "get": get, "list": listing, "resumePut": resume, "text": text, "size": size, "append": lambda l, r: put(l, r, "APPE"),
 "mkd": ftp.mkd, "rmd": ftp.rmd, "remove": ftp.delete, "rename": ftp.rename}[sys.argv[2]](*args)
ftp.quit()
`;

const run = async (target: Target, ...args: readonly string[]): Promise<string> =>
  (await runTool(python, ["-c", program, JSON.stringify(target), ...args])).stdout;

export const ftplib: Peer = {
  name: "ftplib",
  needs: [python],
  speaks: () => true,
  put: async (target, local, remote) => void (await run(target, "put", local, remote)),
  get: async (target, remote, local) => void (await run(target, "get", remote, local)),
  list: (target, folder) => run(target, "list", folder),
  resumeGet: async (target, remote, local) => void (await run(target, "get", remote, local)),
  resumePut: async (target, local, remote) => void (await run(target, "resumePut", local, remote)),
  append: async (target, local, remote) => void (await run(target, "append", local, remote)),
  makeFolder: async (target, folder) => void (await run(target, "mkd", folder)),
  removeFolder: async (target, folder) => void (await run(target, "rmd", folder)),
  remove: async (target, path) => void (await run(target, "remove", path)),
  rename: async (target, from, to) => void (await run(target, "rename", from, to)),
  getText: async (target, remote, local) => void (await run(target, "text", remote, local)),
  size: (target, path) => run(target, "size", path),
};
