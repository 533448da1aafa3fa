/**
 * Lines that upload a first file, by the name of what uploads it.
 * @param {string} ftp the server's address: `ftp://127.0.0.1:2121`
 * @param {string} user who may log in; empty for anybody
 * @returns {Record<string, string>}
 */
export function waysToUpload(ftp, user) {
  const { hostname, port } = new URL(ftp.replace(/^\w+:/, "http:"));
  const host = hostname.replace(/^\[|\]$/g, "");
  const name = user || "anonymous";
  // Whoever has a password types it when he is asked.
  const login = user ? ` -u ${user}` : "";
  return {
    curl: `echo 'My first file' > hello.txt
curl${login} -T hello.txt ${ftp}/`,
    lftp: `echo 'My first file' > hello.txt
lftp${login} -e 'put hello.txt; ls; bye' ${ftp}`,
    Node: `import { Readable } from "node:stream";
import { Client } from "basic-ftp";

const client = new Client();
await client.access({ host: "${host}", port: ${port}${user ? `,\n  user: "${user}", password: "…"` : ""} });
await client.uploadFrom(Readable.from(["My first file\\n"]), "hello.txt");
client.close();`,
    Python: `from ftplib import FTP
from io import BytesIO

with FTP() as ftp:
    ftp.connect("${host}", ${port})
    ftp.login("${name}", "${user ? "…" : "ann@example.com"}")
    ftp.storbinary("STOR hello.txt", BytesIO(b"My first file\\n"))`,
  };
}
