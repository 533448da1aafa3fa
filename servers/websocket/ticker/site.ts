import { PageFiles } from "../../pages/page-files.ts";
import type { WebSocketConnection } from "../connection.ts";
import type { Hearer, Site, Visit } from "../site.ts";
import { answerControl } from "./control.ts";
import { ExchangeSession } from "./exchange-session.ts";
import type { Floor } from "./floor.ts";
import type { Reader } from "./reader.ts";
import { answerRest } from "./rest.ts";
import { SimpleSession } from "./simple-session.ts";

/** Hears what a reader says. */
interface Session {
  heard(text: string): void;
}

/**
 * What a ticker serves: the page, REST, and three doors.
 *
 *     /ws  /ws/btcusdt@trade          the dialect of the exchange, one stream's messages as they are
 *     /stream?streams=btcusdt@trade   the same, with the name of the stream around each
 *     /feed                           the simple dialect
 *     /api/v3/depth?symbol=BTCUSDT    REST of the exchange
 *     /control/readers                counters, readers, faults
 */
export function tickerSite(floor: Floor): Site {
  const welcome = (connection: WebSocketConnection, open: (reader: Reader) => Session): Hearer => {
    const reader = floor.enter(connection);
    const session = open(reader);
    return {
      heard: (message, isText) => {
        if (isText) session.heard(message.toString());
        else connection.close(1003, "say it in text");
      },
      overflowed: () => reader.tooSlow(),
      closed: () => floor.leave(reader),
    };
  };
  const exchange = (connection: WebSocketConnection, { url }: Visit): Hearer => {
    const isCombined = url.pathname === "/stream";
    const streams = isCombined
      ? (url.searchParams.get("streams") ?? "").split("/")
      : decodeURIComponent(url.pathname).split("/").slice(2);
    return welcome(connection, (reader) => new ExchangeSession(floor, reader, streams, isCombined));
  };
  return {
    page: new PageFiles(new URL("./page/", import.meta.url)),
    doors: {
      "/ws": { welcome: exchange },
      "/ws/*": { welcome: exchange },
      "/stream": { welcome: exchange },
      "/feed": {
        welcome: (connection) => welcome(connection, (reader) => new SimpleSession(floor, reader)),
      },
    },
    answer: async (request, path) => {
      const [, rest] = /^\/api\/v3\/(.+)$/.exec(path) ?? [];
      if (rest !== undefined)
        return answerRest(floor, request.method, rest, new URL(request.url).searchParams);
      return path.startsWith("/control/") ? await answerControl(floor, request, path) : undefined;
    },
  };
}
