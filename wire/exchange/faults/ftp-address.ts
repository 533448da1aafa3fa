import { addressInReply } from "../ftp-addresses.ts";
import type { Effect } from "../fault.ts";
import { textOf } from "./replies.ts";

/** The answer to PASV leads to a host that is not there; 229 names none, so it is left as it is (curl's `PASVBADIP`). */
export interface PasvBadIpFault {
  readonly fault: "pasv_bad_ip";
  /** @default "192.0.2.1", which is nobody's (RFC 5737) */
  readonly ip?: string;
}

export function pasvBadIp({ ip = "192.0.2.1" }: PasvBadIpFault): Effect {
  return {
    title: `227 with ${ip}`,
    on: "PASV",
    turn: () => async (floor) => {
      const said = textOf(await floor.pass());
      const told = addressInReply(said);
      floor.say(told ? told.rewrite({ host: ip, port: told.address.port }) : said);
    },
  };
}

/** The answer to PASV or EPSV leads to a port at which nobody listens. */
export interface PasvDeadPortFault {
  readonly fault: "pasv_dead_port";
  /** @default 1 */
  readonly port?: number;
}

export function pasvDeadPort({ port = 1 }: PasvDeadPortFault): Effect {
  return {
    title: `data port ${port}, where nobody listens`,
    on: "PASV|EPSV",
    turn: () => async (floor) => {
      const said = textOf(await floor.pass());
      const told = addressInReply(said);
      floor.say(told ? told.rewrite({ host: told.address.host, port }) : said);
    },
  };
}

/** The answer to PASV or EPSV has a code that is right and numbers that are not. */
export interface PasvBadSyntaxFault {
  readonly fault: "pasv_bad_syntax";
}

export function pasvBadSyntax(_fault: PasvBadSyntaxFault): Effect {
  return {
    title: "227 or 229 without an address",
    on: "PASV|EPSV",
    turn: () => async (floor) => {
      const said = textOf(await floor.pass());
      floor.say(
        said.startsWith("229")
          ? "229 Entering Extended Passive Mode (|||)\r\n"
          : "227 Entering Passive Mode (1,2,3)\r\n",
      );
    },
  };
}
