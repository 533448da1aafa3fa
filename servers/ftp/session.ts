import type { TlsFacts } from "../../wire/connection.ts";
import type { Session, Turn, Voice } from "../../wire/session.ts";
import type { Answer, Command } from "./command.ts";
import type { CommandLine } from "./command-line.ts";
import type { DataChannel } from "./data-channel.ts";
import type { FtpOccurrence } from "./events.ts";
import { FileError, toFileError } from "./file-system.ts";
import type { FileSystem } from "./file-system.ts";
import { subfolder } from "./file-systems/subfolder.ts";
import type { FtpHouse } from "./house.ts";
import { defaultFacts } from "./listing.ts";
import type { FactName } from "./listing.ts";
import { isGoodName, joinPath, maxPathBytes, resolvePath } from "./paths.ts";
import { formatReply, refusals, reply } from "./replies.ts";
import type { Transfer } from "./transfer.ts";
import { isAllowed } from "./users.ts";
import type { Deed, User } from "./users.ts";

/** One control connection: who it is, where it stands, and what the next transfer will be like. */
export class FtpSession implements Session<CommandLine> {
  readonly house: FtpHouse;
  readonly voice: Voice;
  /** The name given in USER, until PASS. */
  userName: string | undefined;
  /** PASS was right, but an account is needed. */
  pendingUser: User | undefined;
  user: User | undefined;
  /** The user's files; nothing before the login. */
  files: FileSystem;
  /** The working directory. */
  folder = "/";
  isAscii = false;
  /** PROT P: data connections speak TLS. */
  hasPrivateData = false;
  /** PBSZ was said (RFC 4217 section 8). */
  hasBufferSize = false;
  /** CCC was obeyed: nobody protects what comes over the control connection, until it ends. */
  isCleared = false;
  /** `EPSV ALL` was said: nothing else makes a data connection any more (RFC 2428 section 4). */
  hasOnlyExtendedPassive = false;
  /** REST, or RANG's first byte. */
  startAt = 0;
  /** Behind RANG's last byte. */
  endAt: number | undefined;
  renameFrom: string | undefined;
  facts: readonly FactName[] = defaultFacts;
  hashName = "SHA-256";
  channel: DataChannel | undefined;
  transfer: Transfer | undefined;
  loginFailures = 0;
  #unknownCommands = 0;

  constructor(house: FtpHouse, voice: Voice) {
    this.house = house;
    this.voice = voice;
    this.files = house.files;
    this.tell({ type: "connect", clientAddress: voice.remoteAddress });
  }

  greet(): Turn {
    return formatReply(reply(220, this.house.options.greeting));
  }

  hear(line: CommandLine): Turn | Promise<Turn> {
    if (line.fault === "endless") return turnOf({ ...reply(500, "Line too long; closing."), end: true });
    if (line.fault === "too long") return turnOf(reply(500, "Line too long."));
    const command = this.house.commands.get(line.verb);
    if (!command) return turnOf(this.#unknown(line));
    this.#unknownCommands = 0;
    const refusal = this.#refuse(command, line);
    if (!command.keepsRange && !command.isUrgent && refusal) this.clearRange();
    if (refusal) return turnOf(refusal);
    return this.#run(command, line.argument);
  }

  isUrgent(line: CommandLine): boolean {
    return this.transfer !== undefined && this.house.commands.get(line.verb)?.isUrgent === true;
  }

  #unknown({ verb }: CommandLine): Answer {
    this.#unknownCommands += 1;
    const limit = this.user
      ? this.house.options.maxUnknownCommands
      : Math.min(3, this.house.options.maxUnknownCommands);
    if (this.#unknownCommands >= limit)
      return { ...reply(421, "Too many unknown commands; closing."), end: true };
    return unbuilt.has(verb) ? reply(502, "Command not implemented.") : reply(500, "Unknown command.");
  }

  #refuse(command: Command, { argument, isClean }: CommandLine): Answer | undefined {
    if (!isClean) return reply(501, "Not UTF-8, or with control characters.");
    if (!this.user && !command.isForEverybody) return reply(530, "Please login with USER and PASS.");
    if (command.argument === "required" && argument === "") {
      return reply(501, `Syntax: ${command.verb} ${command.syntax}`);
    }
    if (command.argument === "forbidden" && argument.trim() !== "")
      return reply(501, `Syntax: ${command.verb}`);
    if (Buffer.byteLength(argument) > maxPathBytes) return reply(501, "Argument too long.");
    return undefined;
  }

  #run(command: Command, argument: string): Turn | Promise<Turn> {
    const forget = (): void => {
      if (!command.keepsRange && !command.isUrgent) this.clearRange();
    };
    try {
      const answer = command.run(this, argument);
      if (!(answer instanceof Promise)) {
        forget();
        return turnOf(answer);
      }
      return answer.then(turnOf, (error: unknown) => turnOf(refusalOf(error))).finally(forget);
    } catch (error) {
      forget();
      return turnOf(refusalOf(error));
    }
  }

  clearRange(): void {
    this.startAt = 0;
    this.endAt = undefined;
  }

  /** Become this user, in their home. */
  async login(user: User): Promise<void> {
    const { files } = this.house;
    const home = resolvePath("/", user.home ?? "/");
    if (home !== "/") await makeHome(files, home);
    this.user = user;
    this.voice.identify(user.name);
    this.userName = undefined;
    this.pendingUser = undefined;
    this.files = subfolder(files, home);
    this.folder = "/";
    this.loginFailures = 0;
    this.tell({ type: "login", isAccepted: true });
  }

  /** As after the connection: REIN, and AUTH (RFC 4217 section 4). */
  reset(): void {
    this.user = undefined;
    this.userName = undefined;
    this.pendingUser = undefined;
    this.files = this.house.files;
    this.folder = "/";
    this.isAscii = false;
    this.renameFrom = undefined;
    this.facts = defaultFacts;
    this.hasOnlyExtendedPassive = false;
    this.clearRange();
    this.replaceChannel(undefined);
  }

  /** The path that an argument means. @throws FileError EACCES when the user may not do this there */
  path(argument: string, deed: Deed): string {
    const path = resolvePath(this.folder, argument);
    if (this.user && !isAllowed(this.user, deed, path)) throw new FileError("EACCES", path);
    return path;
  }

  /** The same for something that is to be made. @throws FileError EINVAL when it may not be called so */
  newPath(argument: string): string {
    const path = this.path(argument, "write");
    if (!isGoodName(path)) throw new FileError("EINVAL", path);
    return path;
  }

  /** Whether the user may do this with a path of theirs. */
  may(deed: Deed, path: string): boolean {
    return this.user !== undefined && isAllowed(this.user, deed, path);
  }

  /** A path of the user as one of the server's file system. */
  fullPath(path: string): string {
    const home = resolvePath("/", this.user?.home ?? "/");
    return path === "/" ? home : joinPath(home, path.slice(1));
  }

  /** The next data connection will come this way; what was agreed before is given up. */
  replaceChannel(channel: DataChannel | undefined): void {
    this.channel?.close();
    this.channel = channel;
  }

  tell(
    occurrence: FtpOccurrence extends infer Any
      ? Any extends unknown
        ? Omit<Any, "session" | "user">
        : never
      : never,
  ): void {
    const about = { session: this.voice.connection, user: this.user?.name ?? this.userName ?? "" };
    this.house.events.tell({ ...occurrence, ...about });
  }

  secured(_tls: TlsFacts, dropped: number): void {
    if (dropped > 0) this.voice.note(`${dropped} bytes that came in clear behind AUTH were dropped`);
    this.reset();
  }

  cleared(dropped: number): void {
    if (dropped > 0) this.voice.note(`${dropped} bytes that came over TLS behind CCC were dropped`);
    this.isCleared = true;
  }

  /** A client that is killed closes both connections: what came of an upload then is not all of it. */
  heardAll(): void {
    if (this.transfer?.afterwards.some(({ end }) => end)) return;
    this.transfer?.abort("the control connection was closed");
  }

  failed(error: unknown): Turn {
    return turnOf(refusalOf(error));
  }

  expired(limit: "idle" | "message"): string {
    return formatReply(
      reply(421, limit === "idle" ? "Idle for too long; closing." : "Command took too long; closing."),
    );
  }

  goodbye(): string {
    return formatReply(reply(421, "The server closes; goodbye."));
  }

  gone(how: "ended" | "lost"): void {
    this.replaceChannel(undefined);
    this.transfer?.abort("the control connection is gone");
    this.tell({ type: "disconnect", how });
  }
}

/** Commands of the RFCs that are known and not built. */
const unbuilt = new Set([
  "SMNT",
  "ADAT",
  "MIC",
  "CONF",
  "ENC",
  "CSID",
  "DSIZ",
  "THMB",
  "COMB",
  "LPRT",
  "LPSV",
]);

function turnOf(answer: Answer): Turn {
  const all = answer.followedBy ? [answer, ...answer.followedBy] : [answer];
  const say = all.map((one) => (one.lines.length === 0 ? "" : formatReply(one))).join("");
  if (answer.startTls) return { say, startTls: true };
  if (answer.endTls) return { say, endTls: true };
  if (!all.some(({ end }) => end)) return say;
  return all.some(({ isLast }) => isLast) ? { say, end: true, isLast: true } : { say, end: true };
}

function refusalOf(error: unknown): Answer {
  return refusals[toFileError(error, "").code];
}

async function makeHome(files: FileSystem, home: string): Promise<void> {
  for (let end = home.indexOf("/", 1); ; end = home.indexOf("/", end + 1)) {
    const folder = end === -1 ? home : home.slice(0, end);
    try {
      await files.makeDirectory(folder);
    } catch (error) {
      if (toFileError(error, folder).code !== "EEXIST") throw error;
    }
    if (end === -1) return;
  }
}
