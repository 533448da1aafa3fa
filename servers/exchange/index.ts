export type { ServeOptions } from "./options.ts";
export { type ServedExchange, serveExchange } from "./serve.ts";
export { type Interposer, startInterposer } from "./interposer.ts";
export type { InterposerOptions } from "./interposer-options.ts";
export { startToxiproxy, type Toxiproxy, type ToxiproxyOptions } from "./toxiproxy.ts";
export { type ExchangeRecorder, type RecorderOptions, startRecorder } from "./recorder.ts";
