import { createHmac, randomInt } from "node:crypto";
import { type Dance, SaslError } from "./mechanism.ts";

/** RFC 2195: the password never crosses the wire, only an HMAC of the challenge. */
export const cramMd5: Dance = function* ({ mechanism, hostname }) {
  const challenge = `<${randomInt(1e9)}.${Date.now()}@${hostname}>`;
  const match = /^(.+) ([0-9a-f]{32})$/i.exec((yield { challenge }).toString());
  const [, user, digest] = match ?? [];
  if (user === undefined || digest === undefined)
    throw new SaslError("expected the base64 of user and digest");
  yield {
    login: {
      mechanism,
      user,
      password: undefined,
      verify: (password) =>
        createHmac("md5", password).update(challenge).digest("hex") === digest.toLowerCase(),
    },
  };
};
