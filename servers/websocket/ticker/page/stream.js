import { effect } from "@preact/signals";
import { BookKeeper } from "portside/wire/book-keeper.js";
import { readTickerMessage } from "portside/wire/ticker-message.js";
import { book, chosen, counters, link, lostBooks, rows } from "./state.js";

/** Seconds that a sparkline shows, and trades that are listed. */
const keptCloses = 120;
const keptTrades = 40;
/** Many messages, one drawing. */
const redrawMs = 100;
const countMs = 2_000;
const retryMs = 1_000;

/** @type {Map<string, import("./state.js").Row>} */
const known = new Map();
/** @type {import("portside/wire/ticker-message.js").TradeMessage[]} */
let trades = [];
/** The book that is shown; of nothing at first. */
let keeper = new BookKeeper("");
/** @type {WebSocket | undefined} */
let socket;
let isDrawn = true;

/** Learn what is traded, and hear of it until the page is closed. */
export async function connect() {
  const { symbols } = await ask("api/v3/exchangeInfo");
  for (const { symbol } of symbols) known.set(symbol, { symbol, closes: [], move: "" });
  rows.value = [...known.values()];
  if (!known.has(chosen.value)) chosen.value = rows.value[0]?.symbol ?? "";
  dial();
  effect(() => listenTo(chosen.value));
  setInterval(draw, redrawMs);
  setInterval(() => void count(), countMs);
  await Promise.all([count(), ...[...known.values()].map(lookBack)]);
}

/** @param {string} path @returns {Promise<any>} */
async function ask(path) {
  const answer = await fetch(path);
  return answer.json();
}

/** What happened before the page was opened. @param {import("./state.js").Row} row */
async function lookBack(row) {
  const candles = await ask(`api/v3/klines?symbol=${row.symbol}&interval=1s&limit=${keptCloses}`);
  const closes = candles.map((/** @type {string[]} */ candle) => Number(candle[4]));
  change(row.symbol, { closes: [...closes, ...(known.get(row.symbol)?.closes ?? [])].slice(-keptCloses) });
}

/**
 * A row is never changed, but replaced: what is the same is not drawn again.
 * @param {string} symbol
 * @param {Partial<import("./state.js").Row>} fields
 */
function change(symbol, fields) {
  const row = known.get(symbol);
  if (row) known.set(symbol, { ...row, ...fields });
  isDrawn = false;
}

async function count() {
  if (document.hidden) return;
  try {
    counters.value = (await ask("control/readers")).counters;
  } catch {
    // The connection says that the server is gone.
  }
}

function dial() {
  const url = new URL("feed", document.baseURI);
  url.protocol = url.protocol.replace("http", "ws");
  url.hash = "";
  const dialled = new WebSocket(url);
  socket = dialled;
  dialled.addEventListener("open", () => {
    link.value = "live";
    say({ type: "subscribe", channels: ["quotes", "candles"], symbols: [...known.keys()] });
    if (keeper.symbol !== "")
      say({ type: "subscribe", channels: ["book", "trades"], symbols: [keeper.symbol] });
  });
  dialled.addEventListener("message", ({ data }) => hear(String(data)));
  dialled.addEventListener("close", () => {
    link.value = "lost";
    keeper.lose("the connection is gone");
    isDrawn = false;
    setTimeout(dial, retryMs);
  });
}

/** @param {object} message */
function say(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** The book and the trades of one symbol, and no longer those of the one before. @param {string} symbol */
function listenTo(symbol) {
  if (keeper.symbol === symbol || symbol === "") return;
  if (keeper.symbol !== "")
    say({ type: "unsubscribe", channels: ["book", "trades"], symbols: [keeper.symbol] });
  keeper = new BookKeeper(symbol);
  trades = [];
  isDrawn = false;
  say({ type: "subscribe", channels: ["book", "trades"], symbols: [symbol] });
  void lookBackAtTrades(symbol);
}

/** @param {string} symbol */
async function lookBackAtTrades(symbol) {
  const before = await ask(`api/v3/trades?symbol=${symbol}&limit=${keptTrades}`);
  if (keeper.symbol !== symbol) return;
  const first = trades.at(-1)?.id ?? Infinity;
  for (const { id, price, qty, time, isBuyerMaker } of before.toReversed()) {
    if (id >= first) continue;
    const side = isBuyerMaker ? "sell" : "buy";
    trades = [...trades, { type: "trade", symbol, id, timeMs: time, price, quantity: qty, side }];
  }
  isDrawn = false;
}

/** @param {string} text */
function hear(text) {
  const message = readTickerMessage(text);
  if (message === undefined || !("symbol" in message)) return;
  isDrawn = false;
  const row = known.get(message.symbol);
  if (message.type === "quote" && row) {
    const before = Number(row.quote?.last ?? message.last);
    const now = Number(message.last);
    change(row.symbol, { quote: message, ...(now !== before && { move: now > before ? "up" : "down" }) });
  } else if (message.type === "candle" && row) {
    change(row.symbol, { closes: [...row.closes, Number(message.close)].slice(-keptCloses) });
  } else if (message.symbol === keeper.symbol) hearOfBook(keeper, message);
}

/**
 * @param {BookKeeper} kept
 * @param {import("portside/wire/ticker-message.js").TickerMessage} message
 */
function hearOfBook(kept, message) {
  if (message.type === "trade") trades = [message, ...trades].slice(0, keptTrades);
  if (message.type !== "snapshot" && message.type !== "update" && message.type !== "heartbeat") return;
  const verdict = kept.hear(message);
  if (typeof verdict === "object") lostBooks.value++;
  // Asked for at once, and again with every heartbeat until it is there.
  const isAsking = typeof verdict === "object" || (message.type === "heartbeat" && !kept.isRight);
  if (isAsking) say({ type: "snapshot", symbols: [kept.symbol] });
}

function draw() {
  if (isDrawn || document.hidden) return;
  isDrawn = true;
  rows.value = [...known.values()];
  const { symbol, isRight, sequence, priceDecimals, quantityDecimals, book: levels } = keeper;
  book.value = {
    symbol,
    isRight,
    sequence,
    checksum: levels.checksum,
    priceDecimals,
    quantityDecimals,
    bids: levels.levels("bid"),
    asks: levels.levels("ask"),
    trades,
  };
}
