import type { Effect } from "./fault.ts";
import { type BadCertificateFault, badCertificate } from "./faults/bad-certificate.ts";
import { type BandwidthFault, bandwidth } from "./faults/bandwidth.ts";
import { type BannerFault, banner } from "./faults/banner.ts";
import { type BareLfFault, bareLf } from "./faults/bare-lf.ts";
import {
  type AddCapabilityFault,
  addCapability,
  type HideCapabilityFault,
  hideCapability,
} from "./faults/capability.ts";
import { type CoalesceFault, coalesce } from "./faults/coalesce.ts";
import { type DataResetAtFault, dataResetAt } from "./faults/data-reset-at.ts";
import {
  type DnsAnswerFault,
  delayAnswer,
  dropAnswer,
  duplicateAnswer,
  otherPort,
  rcodeAnswer,
  reorderAnswers,
  truncatedAnswer,
  wrongId,
} from "./faults/dns-answers.ts";
import {
  type Disconnect421Fault,
  type DisconnectFault,
  disconnect,
  disconnect421,
} from "./faults/disconnect.ts";
import {
  type PasvBadIpFault,
  pasvBadIp,
  type PasvBadSyntaxFault,
  pasvBadSyntax,
  type PasvDeadPortFault,
  pasvDeadPort,
} from "./faults/ftp-address.ts";
import { type NoSizeFault, noSize, type SizeLieFault, sizeLie } from "./faults/ftp-size.ts";
import {
  type Early226Fault,
  early226,
  type NoDataFault,
  noData,
  type SilentDataFault,
  silentData,
  type Stor552Fault,
  stor552,
} from "./faults/ftp-transfer.ts";
import {
  badFrame,
  type BadFrameFault,
  closeCode,
  type CloseCodeFault,
  dropWithoutClose,
  type DropWithoutCloseFault,
} from "./faults/frames.ts";
import { type GarbleFault, garble } from "./faults/garble.ts";
import { type GreylistFault, greylist } from "./faults/greylist.ts";
import { type LatencyFault, latency } from "./faults/latency.ts";
import { type LimitDataFault, limitData } from "./faults/limit-data.ts";
import { type LossFault, loss } from "./faults/loss.ts";
import { type LostReplyFault, lostReply } from "./faults/lost-reply.ts";
import { type NoPongFault, noPong } from "./faults/no-pong.ts";
import { type PipelinedInjectionFault, pipelinedInjection } from "./faults/pipelined-injection.ts";
import { type RateLimitFault, rateLimit } from "./faults/rate-limit.ts";
import { type RejectAtDotFault, rejectAtDot } from "./faults/reject-at-dot.ts";
import { type ReplyAfterFault, replyAfter } from "./faults/reply-after.ts";
import { type ReplyFault, reply } from "./faults/reply.ts";
import { type ResetPeerFault, resetPeer } from "./faults/reset-peer.ts";
import {
  halfBulk,
  type HalfBulkFault,
  redirect,
  type RedirectFault,
  respError,
  type RespErrorFault,
} from "./faults/resp-errors.ts";
import { type SlicerFault, slicer } from "./faults/slicer.ts";
import { type SlowCloseFault, slowClose } from "./faults/slow-close.ts";
import { type SplitFault, split } from "./faults/split.ts";
import { type TimeoutFault, timeout } from "./faults/timeout.ts";
import { type TruncateFault, truncate } from "./faults/truncate.ts";

/** Every fault that can be asked for, by its name in `fault`. */
export type Fault =
  | AddCapabilityFault
  | BadCertificateFault
  | BadFrameFault
  | BandwidthFault
  | BannerFault
  | BareLfFault
  | CloseCodeFault
  | CoalesceFault
  | DataResetAtFault
  | Disconnect421Fault
  | DisconnectFault
  | DnsAnswerFault
  | DropWithoutCloseFault
  | Early226Fault
  | GarbleFault
  | GreylistFault
  | HalfBulkFault
  | HideCapabilityFault
  | LatencyFault
  | LimitDataFault
  | LossFault
  | LostReplyFault
  | NoDataFault
  | NoPongFault
  | NoSizeFault
  | PasvBadIpFault
  | PasvBadSyntaxFault
  | PasvDeadPortFault
  | PipelinedInjectionFault
  | RateLimitFault
  | RedirectFault
  | RejectAtDotFault
  | ReplyAfterFault
  | ReplyFault
  | ResetPeerFault
  | RespErrorFault
  | SilentDataFault
  | SizeLieFault
  | SlicerFault
  | SlowCloseFault
  | SplitFault
  | Stor552Fault
  | TimeoutFault
  | TruncateFault;

export type FaultName = Fault["fault"];

type Of<Name extends FaultName> = Fault extends infer One
  ? One extends { fault: infer Names }
    ? Name extends Names
      ? One
      : never
    : never
  : never;

/** A new fault is a file in `faults/` and a line here. */
const effects: { readonly [Name in FaultName]: (fault: Of<Name>) => Effect } = {
  add_capability: addCapability,
  ask: redirect,
  bad_certificate: badCertificate,
  bad_opcode: badFrame,
  bandwidth,
  banner,
  bare_lf: bareLf,
  close_code: closeCode,
  coalesce,
  data_reset_at: dataResetAt,
  delay_answer: delayAnswer,
  disconnect,
  disconnect_421: disconnect421,
  drop: dropAnswer,
  drop_answer: dropAnswer,
  drop_without_close: dropWithoutClose,
  duplicate: duplicateAnswer,
  duplicate_answer: duplicateAnswer,
  early_226: early226,
  garble,
  greylist,
  half_bulk: halfBulk,
  hide_capability: hideCapability,
  latency,
  limit_data: limitData,
  loading: respError,
  loss,
  lost_reply: lostReply,
  masked_server_frame: badFrame,
  moved: redirect,
  no_data_150: silentData,
  no_data_421: noData,
  no_data_425: noData,
  no_data_never: silentData,
  no_pong: noPong,
  no_size: noSize,
  nxdomain: rcodeAnswer,
  other_port: otherPort,
  oversized_control: badFrame,
  pasv_bad_ip: pasvBadIp,
  pasv_bad_syntax: pasvBadSyntax,
  pasv_dead_port: pasvDeadPort,
  pipelined_injection: pipelinedInjection,
  rate_limit: rateLimit,
  refused: rcodeAnswer,
  reject_at_dot: rejectAtDot,
  reorder: reorderAnswers,
  reorder_answers: reorderAnswers,
  reply,
  reply_after: replyAfter,
  reset_peer: resetPeer,
  rsv_bit: badFrame,
  servfail: rcodeAnswer,
  size_lie: sizeLie,
  slicer,
  slow_close: slowClose,
  split,
  stor_552: stor552,
  timeout,
  truncate,
  truncated_answer: truncatedAnswer,
  truncated_tc: truncatedAnswer,
  wrong_id: wrongId,
  wrong_type: respError,
};

/** The names of all faults. */
export const faultNames = Object.keys(effects) as FaultName[];

/** What a fault does. @throws TypeError when there is no such fault, or its settings make no sense */
export function effectOf(fault: Fault): Effect {
  if (!Object.hasOwn(effects, fault.fault)) {
    throw new TypeError(`there is no fault "${fault.fault as string}"; there are ${faultNames.join(", ")}`);
  }
  return (effects[fault.fault] as (fault: Fault) => Effect)(fault);
}
