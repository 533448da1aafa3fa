import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { type Dance, SaslError } from "./mechanism.ts";

const iterations = 4_096;

/** SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding: client and server both prove that they know the password. */
export const scramSha256: Dance = function* (host) {
  const first = (yield { challenge: "" }).toString();
  const match = /^([ny],(?:a=[^,]*)?,)(n=([^,]*),r=([^,]+).*)$/.exec(first);
  if (!match) throw new SaslError("expected a client-first-message without channel binding");
  const [, header = "", firstBare = "", name = "", clientNonce = ""] = match;
  const user = name.replaceAll("=2C", ",").replaceAll("=3D", "=");
  const nonce = clientNonce + randomBytes(18).toString("base64");
  const salt = randomBytes(16);
  const serverFirst = `r=${nonce},s=${salt.toString("base64")},i=${iterations}`;
  const final = (yield { challenge: serverFirst }).toString();
  const parts = /^(c=([^,]*),r=([^,]+)),p=(.+)$/.exec(final);
  if (!parts || parts[3] !== nonce || Buffer.from(parts[2]!, "base64").toString() !== header) {
    throw new SaslError("the client-final-message does not fit the first");
  }
  const authMessage = `${firstBare},${serverFirst},${parts[1]}`;
  const proof = Buffer.from(parts[4]!, "base64");
  let proven = host.passwordOf(user);
  const verify = (password: string): boolean => {
    const isRight = isProof(proof, password, salt, authMessage);
    if (isRight) proven = password;
    return isRight;
  };
  yield { login: { mechanism: host.mechanism, user, password: undefined, verify } };
  const serverKey = hmac(saltedPassword(proven ?? "", salt), "Server Key");
  yield { challenge: `v=${hmac(serverKey, authMessage).toString("base64")}` };
};

function isProof(proof: Buffer, password: string, salt: Buffer, authMessage: string): boolean {
  const clientKey = hmac(saltedPassword(password, salt), "Client Key");
  const signature = hmac(createHash("sha256").update(clientKey).digest(), authMessage);
  const expected = clientKey.map((byte, index) => byte ^ signature[index]!);
  return proof.length === expected.length && timingSafeEqual(proof, expected);
}

function saltedPassword(password: string, salt: Buffer): Buffer {
  return pbkdf2Sync(password.normalize("NFKC"), salt, iterations, 32, "sha256");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
