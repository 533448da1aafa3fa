/**
 * What a proxy does to the heads of messages that it forwards (RFC 9110 section 7.6). Pure: bytes and sockets are
 * elsewhere.
 */
import { type HttpFields, listMembers } from "../../wire/http-fields.ts";
import type { RequestHead, ResponseHead } from "../../wire/http-head.ts";
import { hostPortText } from "../../wire/ip-address.ts";
import type { SocksEndpoint } from "../../wire/socks.ts";

/** What a request to a proxy asks for. */
export type Asked =
  | { readonly form: "connect"; readonly target: SocksEndpoint }
  | {
      readonly form: "absolute";
      readonly target: SocksEndpoint;
      readonly authority: string;
      readonly path: string;
    }
  | { readonly form: "neither"; readonly why: string };

/** How a message leaves. */
export interface Rewriting {
  /** Whether the connection that it leaves on stays open. */
  readonly keepsOpen: boolean;
  /** For the next proxy. */
  readonly proxyAuthorization?: string | undefined;
}

/** Fields about one connection only, which are for us and not for the other side (section 7.6.1, and RFC 9110 section 11.7). */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "upgrade",
]);
/** Who names these in Connection wants the next server to see another message than we do. */
const kept = new Set(["content-length", "transfer-encoding", "host", "via"]);

/** What a request asks for, by the form of its target (RFC 9112 section 3.2). */
export function askedBy({ method, target }: RequestHead): Asked {
  if (method === "CONNECT") {
    const endpoint = parseAuthority(target);
    return endpoint
      ? { form: "connect", target: endpoint }
      : { form: "neither", why: `${target} is no host and port` };
  }
  const parts = /^(?<scheme>https?):\/\/(?<authority>[^/?]+)(?<path>.*)$/i.exec(target)?.groups;
  if (!parts)
    return { form: "neither", why: "this is a proxy: it takes CONNECT, and requests for http://host/path" };
  if (parts["scheme"]?.toLowerCase() === "https") {
    return { form: "neither", why: "https is not forwarded; use CONNECT" };
  }
  const authority = parts["authority"] ?? "";
  const endpoint = parseAuthority(authority, 80);
  if (!endpoint) return { form: "neither", why: `${authority} is no host and port` };
  const rest = parts["path"] ?? "";
  const path = rest === "" && method === "OPTIONS" ? "*" : rest.startsWith("/") ? rest : `/${rest}`;
  return { form: "absolute", target: endpoint, authority, path };
}

/** The head of a request as it leaves; Host is what the target says, whatever the client wrote (RFC 9112 section 3.2.2). */
export function printForwardedRequest(
  { method, version, fields }: RequestHead,
  target: string,
  authority: string,
  rewriting: Rewriting,
): string {
  const passed = passedOn(fields).filter(([name]) => name.toLowerCase() !== "host");
  return printHead(
    `${method} ${target} HTTP/${version}`,
    [["Host", authority], ...passed],
    version,
    rewriting,
  );
}

/** The head of a response as it leaves; we speak HTTP/1.1 whatever the target speaks. */
export function printForwardedResponse(
  { version, status, reason, fields }: ResponseHead,
  rewriting: Rewriting,
): string {
  return printHead(`HTTP/1.1 ${status} ${reason}`, passedOn(fields), version, rewriting);
}

/** Whether a client wants to say more on its connection (RFC 9112 section 9.3); in HTTP/1.0 we do not offer it. */
export function wantsMore({ version, fields }: RequestHead): boolean {
  const options = [...listMembers(fields.get("connection")), ...listMembers(fields.get("proxy-connection"))];
  return version === "1.1" && !options.includes("close");
}

function passedOn(fields: HttpFields): (readonly [name: string, value: string])[] {
  const named = new Set(listMembers(fields.get("connection")).filter((name) => !kept.has(name)));
  return [...fields].filter(([name]) => {
    const lower = name.toLowerCase();
    return !hopByHop.has(lower) && !named.has(lower);
  });
}

function printHead(
  first: string,
  fields: readonly (readonly [name: string, value: string])[],
  receivedVersion: string,
  { keepsOpen, proxyAuthorization }: Rewriting,
): string {
  const own: (readonly [string, string])[] = [
    ["Via", `${receivedVersion} portside`],
    ["Connection", keepsOpen ? "keep-alive" : "close"],
  ];
  if (proxyAuthorization !== undefined) own.push(["Proxy-Authorization", proxyAuthorization]);
  return `${first}\r\n${[...fields, ...own].map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** `host:port` or `[::1]:port`; undefined for what is neither. */
function parseAuthority(text: string, usualPort?: number): SocksEndpoint | undefined {
  const parts = /^(?:\[(?<ipv6>[\da-f:.]+)\]|(?<host>[^:[\]]+))(?::(?<port>\d{1,5})?)?$/i.exec(text)?.groups;
  const port = parts?.["port"] === undefined ? usualPort : Number(parts["port"]);
  if (!parts || port === undefined || port === 0 || port > 65_535) return undefined;
  return { host: parts["ipv6"] ?? parts["host"] ?? "", port };
}

/** The URL of a forwarded request, for the log. */
export function urlOf({ target, path }: { readonly target: SocksEndpoint; readonly path: string }): string {
  const { host, port } = target;
  const authority = port === 80 ? hostPortText(host, port).slice(0, -3) : hostPortText(host, port);
  return `http://${authority}${path === "*" ? "" : path}`;
}
