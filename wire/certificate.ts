import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIP } from "node:net";
import * as tls from "node:tls";
import { bits, boolean, context, der, integer, octets, oid, sequence, set, time, utf8 } from "./der.ts";

/**
 * A certificate authority for tests, and leaves signed by it: P-256, made on first use, valid on this machine only
 * (nobody else trusts the authority). The X.509 form is RFC 5280; `node:crypto` makes the keys and the signatures.
 */
export interface CertificateAuthority {
  /** The authority's certificate in PEM: what a client is told to trust (`ca`, `NODE_EXTRA_CA_CERTS`, `--cacert`). */
  readonly certificate: string;
  /** A certificate and its key for these names and addresses. */
  issue(leaf?: LeafOptions): KeyedCertificate;
}

export interface KeyedCertificate {
  /** PEM, followed by the authority's certificate when there is one. */
  readonly cert: string;
  /** PKCS #8 in PEM. */
  readonly key: string;
}

export interface LeafOptions {
  /** DNS names and IP addresses it is good for. @default localhost, *.localhost, mail.test, *.test, 127.0.0.1, ::1 */
  readonly names?: readonly string[];
  /** @default an hour ago */
  readonly notBefore?: Date;
  /** @default in 397 days, the most that TLS clients accept */
  readonly notAfter?: Date;
}

const dayMs = 86_400_000;
const localNames = ["localhost", "*.localhost", "mail.test", "*.test", "127.0.0.1", "::1"];

/** Make a new authority. About a millisecond. */
export function makeCertificateAuthority(): CertificateAuthority {
  const keys = makeKeys();
  const name = distinguishedName("Portside test authority");
  const certificate = writeCertificate({
    subject: name,
    issuer: name,
    publicKey: keys.publicKey,
    signer: keys,
    validity: validity({}),
    isAuthority: true,
    names: [],
  });
  return {
    certificate,
    issue: (leaf = {}) => {
      const own = makeKeys();
      const cert = writeCertificate({
        subject: distinguishedName((leaf.names ?? localNames)[0] ?? "localhost"),
        issuer: name,
        publicKey: own.publicKey,
        signer: keys,
        validity: validity(leaf),
        isAuthority: false,
        names: leaf.names ?? localNames,
      });
      return { cert: cert + certificate, key: exportKey(own) };
    },
  };
}

/** A certificate that signed itself: no authority vouches for it, so every careful client refuses it. */
export function makeSelfSigned(leaf: LeafOptions = {}): KeyedCertificate {
  const own = makeKeys();
  const name = distinguishedName((leaf.names ?? localNames)[0] ?? "localhost");
  const cert = writeCertificate({
    subject: name,
    issuer: name,
    publicKey: own.publicKey,
    signer: own,
    validity: validity(leaf),
    isAuthority: false,
    names: leaf.names ?? localNames,
  });
  return { cert, key: exportKey(own) };
}

let shared: CertificateAuthority | undefined;

/** The authority of this process: one for all servers, made when the first of them needs it. */
export function sharedAuthority(): CertificateAuthority {
  return (shared ??= makeCertificateAuthority());
}

let isTrusted = false;

/**
 * Let clients in this process trust `sharedAuthority()` as they trust the authorities that Node brings along: code
 * under test that upgrades to TLS by itself (nodemailer does) then works without being told. Nobody outside this
 * process is affected. Node before 22.19 cannot do it; clients there are given the certificate.
 */
export function trustSharedAuthority(): void {
  if (isTrusted || typeof tls.setDefaultCACertificates !== "function") return;
  isTrusted = true;
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), sharedAuthority().certificate]);
}

let sharedCertificate: KeyedCertificate | undefined;

/** The leaf of this process, for the local names, signed by `sharedAuthority()`. */
export function sharedLeaf(): KeyedCertificate {
  return (sharedCertificate ??= sharedAuthority().issue());
}

interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function makeKeys(): Keys {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function exportKey(keys: Keys): string {
  return keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function validity(leaf: LeafOptions): Buffer {
  const now = Date.now();
  return sequence(
    time(leaf.notBefore ?? new Date(now - dayMs / 24)),
    time(leaf.notAfter ?? new Date(now + 397 * dayMs)),
  );
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(oid("2.5.4.3"), utf8(commonName))));
}

interface CertificateFields {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly publicKey: KeyObject;
  readonly signer: Keys;
  readonly validity: Buffer;
  readonly isAuthority: boolean;
  readonly names: readonly string[];
}

const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));

/** RFC 5280 section 4.1: TBSCertificate, signed. Gives PEM. */
function writeCertificate(fields: CertificateFields): string {
  const toBeSigned = sequence(
    context(0, integer(Buffer.of(2))),
    integer(randomBytes(16).fill(1, 0, 1)),
    ecdsaWithSha256,
    fields.issuer,
    fields.validity,
    fields.subject,
    fields.publicKey.export({ type: "spki", format: "der" }),
    context(3, sequence(...extensions(fields))),
  );
  const signature = sign("sha256", toBeSigned, fields.signer.privateKey);
  const whole = sequence(toBeSigned, ecdsaWithSha256, bits(signature));
  return new X509Certificate(whole).toString();
}

/** RFC 5280 section 4.2.1; strict verifiers (Python 3.13) want the key identifiers, so they are there. */
function extensions({ isAuthority, publicKey, signer, names }: CertificateFields): Buffer[] {
  const list = [
    extension("2.5.29.19", isAuthority ? sequence(boolean(true)) : sequence(), true),
    // keyCertSign and cRLSign, or digitalSignature.
    extension("2.5.29.15", isAuthority ? bits(Buffer.of(0x06), 1) : bits(Buffer.of(0x80), 7), true),
    extension("2.5.29.14", octets(keyIdentifier(publicKey))),
    extension("2.5.29.35", sequence(context(0, keyIdentifier(signer.publicKey), false))),
  ];
  if (isAuthority) return list;
  // serverAuth and clientAuth.
  const purposes = sequence(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"));
  return [
    ...list,
    extension("2.5.29.37", purposes),
    extension("2.5.29.17", sequence(...names.map(alternativeName))),
  ];
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octets(value));
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }))
    .digest();
}

function alternativeName(name: string): Buffer {
  return isIP(name) ? der(0x87, addressBytes(name)) : der(0x82, Buffer.from(name));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail] = address.split("::");
  const groups = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const first = groups(head);
  const last = groups(tail ?? "");
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((group) => [group >>> 8, group & 0xff]));
}
