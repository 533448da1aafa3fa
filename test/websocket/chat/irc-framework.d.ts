/** What the tests use of irc-framework, which has no types of its own. */
declare module "irc-framework" {
  export class Client {
    constructor(options?: Readonly<Record<string, unknown>>);
    readonly network: {
      readonly cap: { readonly enabled: readonly string[] };
      supports(name: string): unknown;
    };
    once(event: string, listener: (heard: unknown) => void): this;
    connect(options: Readonly<Record<string, unknown>>): void;
    join(room: string): void;
    say(target: string, text: string): void;
    who(target: string): void;
    whois(nick: string): void;
    requestCap(capability: string): void;
    quit(reason: string): void;
  }
}
