import { type Dance, plainLogin, SaslError } from "./mechanism.ts";

/** Google's XOAUTH2: `user=…^Aauth=Bearer …^A^A`. https://developers.google.com/gmail/imap/xoauth2-protocol */
export const xoauth2: Dance = function* ({ mechanism }) {
  const response = (yield { challenge: "" }).toString();
  const match = /^user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01$/i.exec(response);
  if (!match) throw new SaslError("expected the base64 of user=NAME^Aauth=Bearer TOKEN^A^A");
  yield plainLogin(mechanism, match[1]!, match[2]!);
};

/** RFC 7628: a GS2 header, then key and value pairs, each ended by ^A. */
export const oauthbearer: Dance = function* ({ mechanism }) {
  const response = (yield { challenge: "" }).toString();
  const user = /^[ny],a=([^,\x01]*),/.exec(response)?.[1];
  const token = /\x01auth=Bearer ([^\x01]*)\x01/i.exec(response)?.[1];
  if (token === undefined) throw new SaslError("expected the base64 of n,a=NAME,^Aauth=Bearer TOKEN^A^A");
  yield plainLogin(mechanism, (user ?? "").replaceAll("=2C", ",").replaceAll("=3D", "="), token);
};
