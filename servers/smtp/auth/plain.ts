import { type Dance, plainLogin, SaslError } from "./mechanism.ts";

/** RFC 4616: authorization identity, user, password, with NULs between. */
export const plain: Dance = function* ({ mechanism }) {
  const response = yield { challenge: "" };
  const [, user, password, ...more] = response.toString().split("\0");
  if (user === undefined || password === undefined || more.length > 0) {
    throw new SaslError("expected the base64 of NUL user NUL password");
  }
  yield plainLogin(mechanism, user, password);
};

/** The old LOGIN: user, then password. A first response is taken as the user, as clients mean it. */
export const login: Dance = function* ({ mechanism }) {
  const user = (yield { challenge: "Username:" }).toString();
  const password = (yield { challenge: "Password:" }).toString();
  yield plainLogin(mechanism, user, password);
};
