/**
 * Lines that send a first mail, by the name of what sends it.
 * @param {string} smtp the server's address: `smtp://127.0.0.1:1025`
 * @returns {Record<string, string>}
 */
export function waysToSend(smtp) {
  // A unix socket has neither host nor port to name.
  if (!/^smtps?:/.test(smtp)) return {};
  const { hostname, port } = new URL(smtp.replace(/^\w+:/, "http:"));
  return {
    curl: String.raw`printf 'Subject: Hello\r\n\r\nMy first mail\r\n' |
  curl ${smtp} --mail-from app@example.com \
    --mail-rcpt ann@example.com -T -`,
    swaks: String.raw`swaks --server ${hostname}:${port} \
  --from app@example.com --to ann@example.com \
  --header 'Subject: Hello' --body 'My first mail'`,
    Node: `import { createTransport } from "nodemailer";

await createTransport("${smtp}/?ignoreTLS=true").sendMail({
  from: "app@example.com",
  to: "ann@example.com",
  subject: "Hello",
  text: "My first mail",
});`,
    Python: String.raw`import smtplib

with smtplib.SMTP("${hostname}", ${port}) as smtp:
    smtp.sendmail("app@example.com", "ann@example.com",
                  "Subject: Hello\r\n\r\nMy first mail")`,
  };
}
