import { DataRelay } from "../channels/data-relay.ts";
import type { Effect, Firing } from "../fault.ts";
import { addressInCommand, addressInReply } from "../ftp-addresses.ts";
import { type Ending, Limit } from "./limit-data.ts";
import { textOf } from "./replies.ts";

/** An FTP data connection breaks off in the middle of a file. */
export interface DataResetAtFault {
  readonly fault: "data_reset_at";
  /** After so many bytes of the file, whoever sends it. */
  readonly bytes: number;
  /** @default "reset" */
  readonly ending?: Ending;
}

export function dataResetAt({ bytes, ending = "reset" }: DataResetAtFault): Effect {
  // The data connection is led through a listener of ours, so that it works for every server.
  const relayTo = async (
    host: string,
    port: number,
    isClientFirst: boolean,
    firing: Firing,
  ): Promise<DataRelay> =>
    await DataRelay.open({
      host: localHost(firing),
      target: { host, port },
      isClientFirst,
      opened: (pipe) => {
        pipe.incoming.add(new Limit(bytes, ending));
        pipe.outgoing.add(new Limit(bytes, ending));
      },
    });
  return {
    title: `data ${ending} after ${bytes} bytes`,
    on: "PASV|EPSV|PORT|EPRT",
    turn: (firing) => async (floor) => {
      const active = addressInCommand(firing.text);
      if (active) {
        const { host, port } = active.address;
        const relay = await relayTo(host || firing.remoteAddress, port, false, firing);
        void floor.gone.then(() => relay.close(true));
        floor.say(await floor.pass({ instead: active.rewrite(relay.address) }));
        return;
      }
      const said = textOf(await floor.pass());
      const told = addressInReply(said);
      if (!told) {
        floor.say(said);
        return;
      }
      const relay = await relayTo(told.address.host || localHost(firing), told.address.port, true, firing);
      void floor.gone.then(() => relay.close(true));
      floor.say(told.rewrite(relay.address));
    },
  };
}

/** Where the client can reach us, and where a server of this machine listens. */
function localHost({ remoteAddress }: Firing): string {
  return remoteAddress.includes(":") && !remoteAddress.startsWith("::ffff:") ? "::1" : "127.0.0.1";
}
