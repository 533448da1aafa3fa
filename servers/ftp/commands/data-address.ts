/** Where the next data connection is made: PASV, EPSV, PORT, EPRT (RFC 959, RFC 2428; RFC 2577 for what is refused). */
import { isIPv6 } from "node:net";
import type { Answer, Command } from "../command.ts";
import { ActiveChannel, PassiveChannel } from "../data-channel.ts";
import type { ChannelOptions } from "../data-channel.ts";
import {
  formatExtendedPassive,
  formatPassive,
  isSameHost,
  parseExtendedPort,
  parsePort,
} from "../host-port.ts";
import { plainAddress } from "../host-port.ts";
import type { HostPort } from "../host-port.ts";
import type { PassivePort } from "../passive-ports.ts";
import { reply } from "../replies.ts";
import type { FtpSession } from "../session.ts";

const localAddress = (session: FtpSession): string => plainAddress(session.voice.localAddress);

export const pasv: Command = {
  verb: "PASV",
  syntax: "",
  argument: "forbidden",
  keepsRange: true,
  run: (session) => {
    if (session.hasOnlyExtendedPassive) return onlyEpsv;
    if (isIPv6(localAddress(session))) return reply(425, "PASV is for IPv4; use EPSV.");
    const told = session.house.options.passiveAddress ?? localAddress(session);
    return listen(session, (port) => reply(227, formatPassive(told, port)));
  },
};

export const epsv: Command = {
  verb: "EPSV",
  syntax: "[1|2|ALL]",
  argument: "optional",
  keepsRange: true,
  feature: "EPSV",
  run: (session, argument) => {
    if (argument.toUpperCase() === "ALL") {
      session.hasOnlyExtendedPassive = true;
      return reply(200, "EPSV ALL: nothing else makes data connections any more.");
    }
    const own = isIPv6(localAddress(session)) ? "2" : "1";
    if (argument === "" || argument === own)
      return listen(session, (port) => reply(229, formatExtendedPassive(port)));
    if (/^\d+$/.test(argument)) return reply(522, `Network protocol not supported, use (${own})`);
    return reply(501, "Syntax: EPSV [1|2|ALL]");
  },
};

const onlyEpsv = reply(501, "Not after EPSV ALL.");

/** Lease a port, and answer at once when one is at hand. */
function listen(session: FtpSession, tell: (port: number) => Answer): Answer | Promise<Answer> {
  const { house, voice } = session;
  session.replaceChannel(undefined);
  const peer = house.options.allowForeignData ? undefined : voice.remoteAddress;
  const take = (port: PassivePort): Answer => {
    session.replaceChannel(new PassiveChannel(port, peer, channelOptions(session)));
    return tell(port.port);
  };
  const lease = house.passivePorts.lease(localAddress(session), house.options.dataConnectTimeoutMs);
  if (!(lease instanceof Promise)) return take(lease);
  return lease.then(take, () => reply(425, "No passive port is free."));
}

export const port: Command = {
  verb: "PORT",
  syntax: "h1,h2,h3,h4,p1,p2",
  argument: "required",
  keepsRange: true,
  run: (session, argument) => {
    if (session.hasOnlyExtendedPassive) return onlyEpsv;
    const address = parsePort(argument);
    return address ? dial(session, address) : reply(501, "Syntax: PORT h1,h2,h3,h4,p1,p2");
  },
};

export const eprt: Command = {
  verb: "EPRT",
  syntax: "|1 or 2|address|port|",
  argument: "required",
  keepsRange: true,
  feature: "EPRT",
  run: (session, argument) => {
    if (session.hasOnlyExtendedPassive) return onlyEpsv;
    const address = parseExtendedPort(argument);
    if (address === "unsupported") return reply(522, "Network protocol not supported, use (1,2)");
    return address ? dial(session, address) : reply(501, "Syntax: EPRT |1 or 2|address|port|");
  },
};

function dial(session: FtpSession, { host, port }: HostPort): Answer {
  const { options } = session.house;
  session.replaceChannel(undefined);
  // lftp says "any address of mine" over IPv6.
  const isUnspecified = host === "0.0.0.0" || host === plainAddress("::");
  const address = { host: isUnspecified ? session.voice.remoteAddress : host, port };
  // RFC 2577 section 3: no connections to third parties, none to well-known ports.
  const isForeign = !isSameHost(address.host, session.voice.remoteAddress) && !options.allowForeignData;
  if (isForeign || port < 1024) return reply(504, "Only your own address, and ports from 1024 on.");
  session.replaceChannel(new ActiveChannel(address, localAddress(session), channelOptions(session)));
  return reply(200, "Command okay.");
}

function channelOptions(session: FtpSession): ChannelOptions {
  const { options } = session.house;
  return {
    secureContext: () => (session.hasPrivateData ? session.house.secureContext() : undefined),
    connectTimeoutMs: options.dataConnectTimeoutMs,
    idleTimeoutMs: options.dataIdleTimeoutMs,
  };
}
