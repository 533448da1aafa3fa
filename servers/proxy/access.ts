/**
 * Where clients may go. A target is judged by the address that will be dialled, not by its name: whoever owns a name
 * can let it point to 127.0.0.1 or to the metadata of a cloud. So a name in the list opens public addresses only;
 * loopback and private ones have to be in the list as addresses.
 */
import { BlockList, isIP } from "node:net";
import { ipBytes, ipText } from "../../wire/ip-address.ts";

/** What kind of place an address is. Nobody may go to a special one: multicast, broadcast, `0.0.0.0`, unassigned. */
export type AddressClass = "loopback" | "private" | "public" | "special";

/** Decides about targets. */
export interface Access {
  /** Whether this may be dialled. @param name as the client said it, in lower case */
  allows(name: string, address: string, port: number): boolean;
  /** The same for a target that another proxy looks up. */
  allowsUnseen(name: string, port: number): boolean;
}

interface Rule {
  readonly fromPort: number;
  readonly toPort: number;
  readonly isPortGiven: boolean;
  readonly fitsName: (name: string) => boolean;
  readonly fitsAddress: (address: string, kind: AddressClass) => boolean;
}

const mailPort = 25;

/** @throws TypeError for an entry that cannot be understood */
export function makeAccess(entries: readonly string[]): Access {
  const rules = entries.map(parseRule);
  const fitsPort = ({ fromPort, toPort, isPortGiven }: Rule, port: number): boolean =>
    port >= fromPort && port <= toPort && (port !== mailPort || isPortGiven);
  const allows = (name: string, given: string, port: number): boolean => {
    const address = plainAddress(given);
    const kind = classOf(address);
    if (kind === "special" || port === 0) return false;
    const open = rules.filter((rule) => fitsPort(rule, port));
    return open.some((rule) => rule.fitsAddress(address, kind) || (kind === "public" && rule.fitsName(name)));
  };
  return {
    allows,
    allowsUnseen: (name, port) => {
      if (isIP(name) !== 0) return allows(name, name, port);
      // RFC 6761 section 6.3: nobody looks these up elsewhere.
      const isLocal = name === "localhost" || name.endsWith(".localhost");
      if (isLocal) return allows(name, "127.0.0.1", port);
      return rules.some((rule) => fitsPort(rule, port) && rule.fitsName(name));
    },
  };
}

/** An IPv4 address in the clothes of IPv6 (`::ffff:127.0.0.1`) is the IPv4 address. */
export function plainAddress(address: string): string {
  const bytes = ipBytes(address);
  if (bytes?.length !== 16) return address;
  const isMapped = bytes.subarray(0, 12).equals(mappedPrefix);
  return ipText(isMapped ? bytes.subarray(12) : bytes);
}

/** What kind of place an address is (RFC 6890 and its registries). */
export function classOf(address: string): AddressClass {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  for (const [kind, list] of known) if (list.check(address, family)) return kind;
  return "public";
}

const mappedPrefix = Buffer.from("00000000000000000000ffff", "hex");
const known: readonly (readonly [AddressClass, BlockList])[] = [
  ["loopback", networks("127.0.0.0/8", "::1/128")],
  [
    "private",
    networks(
      "10.0.0.0/8",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "100.64.0.0/10",
      "169.254.0.0/16",
      "198.18.0.0/15",
      "fc00::/7",
      "fe80::/10",
      "fec0::/10",
    ),
  ],
  [
    "special",
    // Those of IPv6 that carry an IPv4 address could lead anywhere: NAT64, 6to4, Teredo, and the old compatible ones.
    networks(
      "0.0.0.0/8",
      "192.0.0.0/24",
      "192.0.2.0/24",
      "198.51.100.0/24",
      "203.0.113.0/24",
      "224.0.0.0/3",
      "::/96",
      "64:ff9b::/96",
      "64:ff9b:1::/48",
      "100::/64",
      "2001::/23",
      "2001:db8::/32",
      "2002::/16",
      "ff00::/8",
    ),
  ],
];

function networks(...ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits = ""] = range.split("/");
    // Not isIP(): the first IPv6 address that a process asks it about costs it 15 ms, for a regular expression.
    list.addSubnet(address, Number(bits), address.includes(":") ? "ipv6" : "ipv4");
  }
  return list;
}

function parseRule(entry: string): Rule {
  const parts =
    /^(?<place>\[[\da-f:.]+\](?:\/\d{1,3})?|[^:]+|[\da-f:.]*:[\da-f:.]*:[\da-f:.]*(?:\/\d{1,3})?)(?::(?:(?<from>\d{1,5})(?:-(?<to>\d{1,5}))?|\*))?$/i.exec(
      entry.trim(),
    )?.groups;
  const place = (parts?.["place"] ?? "").replaceAll(/[[\]]/g, "").toLowerCase();
  const fromPort = Number(parts?.["from"] ?? 0);
  const toPort = Number(parts?.["to"] ?? parts?.["from"] ?? 65_535);
  const fits = fitting(place);
  if (!parts || !fits || toPort > 65_535 || fromPort > toPort) {
    throw new TypeError(
      `startProxy: allow has "${entry}"; give loopback, private, public, *, an address, a network, a name or *.name, each with :port or :from-to behind it if need be`,
    );
  }
  return { fromPort, toPort, isPortGiven: parts["from"] !== undefined, ...fits };
}

function fitting(place: string): Pick<Rule, "fitsName" | "fitsAddress"> | undefined {
  const never = (): boolean => false;
  if (place === "*") return { fitsName: () => true, fitsAddress: () => true };
  if (place === "public") return { fitsName: () => true, fitsAddress: (_, kind) => kind === "public" };
  if (place === "loopback" || place === "private") {
    return { fitsName: never, fitsAddress: (_, kind) => kind === place };
  }
  const [network = "", bits] = place.split("/");
  const size = ipBytes(network)?.length;
  if (size !== undefined) {
    const width = Number(bits ?? size * 8);
    if (width > size * 8) return undefined;
    const list = networks(`${plainAddress(network)}/${width}`);
    const fitsAddress = (address: string): boolean =>
      list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
    return { fitsName: never, fitsAddress };
  }
  if (!/^(?:\*\.)?[\w-]+(?:\.[\w-]+)*$/.test(place)) return undefined;
  const suffix = place.slice(1);
  const fitsName = place.startsWith("*.")
    ? (name: string) => name.endsWith(suffix)
    : (name: string) => name === place;
  return { fitsName, fitsAddress: never };
}
