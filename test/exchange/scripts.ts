import fc from "fast-check";

/** Random scripts in the printer's normal form, generated from the grammar as text. */
export function scriptText(): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.array(header(), { maxLength: 3 }),
      fc.array(binding(), { maxLength: 2 }),
      items(2),
      attachments(),
    )
    .map(([headers, bindings, body, files]) => {
      const width = Math.max(0, ...headers.map(([key]) => key.length + 1));
      const head = headers.map(([key, text]) => `${`${key}:`.padEnd(width)} ${text}`);
      const lines = [...head, ...bindings, ...body];
      if (lines.length > 0 && files.length > 0) lines.push("");
      return [...lines, ...files].map((line) => `${line}\n`).join("");
    });
}

const name = (): fc.Arbitrary<string> => fc.stringMatching(/^[a-z][a-z0-9_-]{0,6}$/);

function header(): fc.Arbitrary<readonly [string, string]> {
  return fc.oneof(
    fc.constantFrom(
      ["title", "a title: with $ and {}"],
      ["target", "smtp://127.0.0.1:25"],
      ["dialect", "smtp"],
    ),
    fc.nat(9999).map((seed) => ["seed", String(seed)] as const),
    fc.nat(9999).map((wait) => ["timeout", `${wait}ms`] as const),
  );
}

function binding(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.boolean(), name(), expression(2))
    .map(([isSecret, bound, value]) => `${isSecret ? "secret" : "let   "} ${bound} = ${value}`);
}

function expression(depth: number): fc.Arbitrary<string> {
  const simple = fc.oneof(
    fc.stringMatching(/^[ -!#-[\]-~é€]{0,8}$/).map((text) => `"${text}"`),
    fc.constantFrom('"\\r\\n"', '"\\0\\xff"', '"\\"\\\\"', '"${"'),
    fc.integer({ min: -1000, max: 1000 }).map(String),
    name(),
  );
  if (depth === 0) return simple;
  const inner = expression(depth - 1);
  const call = fc.oneof(
    fc
      .tuple(fc.constantFrom("b64", "unb64", "hex", "md5", "sha1", "len", "env"), inner)
      .map(([f, x]) => `${f}(${x})`),
    fc
      .tuple(fc.constantFrom("hmac_md5", "repeat", "add"), inner, inner)
      .map(([f, x, y]) => `${f}(${x}, ${y})`),
  );
  return fc.oneof(
    simple,
    call,
    fc.tuple(simple, inner).map(([x, y]) => `${x} + ${y}`),
  );
}

function hole(): fc.Arbitrary<string> {
  const type = fc.oneof(
    fc.constantFrom("int", "hex", "word", "any", "b64", "ip", "stamp", "quoted", "pasv", "epsv", "eprt"),
    fc.constantFrom("/\\d{3}/", "/[/}]+/", "/a\\/b/"),
  );
  const sample = fc.oneof(fc.stringMatching(/^[!#-|~][ -|~é]{0,6}$/), fc.constantFrom('"}"', '"\\r"', ""));
  return fc
    .oneof(
      name(),
      fc.tuple(fc.option(name(), { nil: "" }), type).map(([n, t]) => `${n}:${t}`),
      fc.tuple(fc.option(name(), { nil: "" }), sample).map(([n, s]) => `${n}=${s}`),
      fc.tuple(name(), type, sample).map(([n, t, s]) => `${n}:${t}=${s}`),
      // A lone name is a slot, so an expression has to be more than that.
      expression(1).map((value) => (/^[a-z][a-z0-9_-]*$/.test(value) ? `len(${value})` : value)),
    )
    .map((inside) => `\${${inside}}`);
}

function payload(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.stringMatching(/^[ -#%-~é]{1,10}$/),
    fc.constantFrom("$1", "{}", "\\d", "..", "C: "),
    hole(),
  );
  return fc
    .tuple(fc.array(piece, { maxLength: 4 }), fc.boolean())
    .map(([pieces, hasRest]) => (pieces.join("") + (hasRest ? "..." : "")).trimEnd())
    .filter((text) => !/\$\{[^}]*$/.test(text.replaceAll(/\$\{(?:"(?:\\.|[^"\\])*"|[^"}])*\}/g, "")));
}

function spoken(): fc.Arbitrary<string[]> {
  const block = fc.array(
    payload().map((text) => text.trimStart()),
    { minLength: 1, maxLength: 3 },
  );
  return fc
    .tuple(
      fc.constantFrom("C", "S"),
      fc.option(name(), { nil: undefined }),
      fc.constantFrom("", "?", "*", "+", "&", "="),
      fc.constantFrom("", "", " raw", " file", " hex", " binary"),
      fc.oneof(payload(), block),
    )
    .map(([role, connection, mark, kind, said]) => {
      const head = `${role}${connection === undefined ? "" : `@${connection}`}${mark}${kind}:`;
      if (typeof said === "string") return [said === "" ? head : `${head} ${said}`];
      const lines = said.filter((line) => line !== "");
      return [head, ...lines.map((line) => `  ${line}`)];
    });
}

function direction(): fc.Arbitrary<string[]> {
  const wait = fc.tuple(fc.nat(999), fc.constantFrom("ms", "s")).map(([n, unit]) => `${n}${unit}`);
  const role = fc.constantFrom("C", "S");
  const on = fc.option(name(), { nil: undefined }).map((n) => (n === undefined || n === "to" ? "" : ` ${n}`));
  const bytes = fc.integer({ min: 1, max: 99 }).map((n) => `${n} byte${n === 1 ? "" : "s"}`);
  return fc
    .oneof(
      fc
        .tuple(role, fc.constantFrom("connects", "closes", "half-closes", "resets", "stalls"), on)
        .map((x) => [`${x[0]} ${x[1]}${x[2]}`]),
      fc.tuple(role, name()).map(([r, n]) => [`${r} listens ${n}`]),
      on.map((n) => [`C starts TLS${n}`]),
      fc.tuple(role, wait).map(([r, w]) => [`${r} waits ${w}`]),
      fc.tuple(fc.constantFrom("within", "silence"), wait).map(([w, t]) => [`${w} ${t}`]),
      fc.tuple(role, bytes, wait).map(([r, n, w]) => [`${r} drips ${n} every ${w}`]),
      fc.tuple(role, fc.constantFrom("truncates to", "garbles"), bytes).map((x) => [x.join(" ")]),
      fc.constantFrom("pass", "pass quietly", "include login.exchange").map((x) => [x]),
    )
    .map(([text]) => [`(${text})`]);
}

function items(depth: number): fc.Arbitrary<string[]> {
  const note = fc.stringMatching(/^[!-~][ -~]{0,20}[!-~]$/).map((text) => [`# ${text}`]);
  const choices = [spoken(), spoken(), direction(), note, binding().map((line) => [line])];
  if (depth > 0) choices.push(block(depth - 1));
  // An empty line may stand between any two items, but not first.
  return fc
    .array(fc.tuple(fc.boolean(), fc.oneof(...choices)), { maxLength: 5 })
    .map((all) => all.flatMap(([gap, lines], index) => (gap && index > 0 ? ["", ...lines] : lines)));
}

function block(depth: number): fc.Arbitrary<string[]> {
  const indented = items(depth).map((lines) => lines.map((line) => (line === "" ? "" : `  ${line}`)));
  const opener = fc.constantFrom(
    "repeat 3 times",
    "optional",
    "any number",
    "one or more",
    "whenever",
    "whenever first 2 times",
    "whenever the 2nd time",
    "whenever the 13th time",
    "whenever after 5 times",
    "whenever 10%",
  );
  return fc.oneof(
    fc.tuple(opener, indented).map(([head, body]) => [`(${head})`, ...body, "(end)"]),
    fc.tuple(indented, indented).map(([a, b]) => ["(either)", ...a, "(or)", ...b, "(end)"]),
  );
}

function attachments(): fc.Arbitrary<string[]> {
  const text = fc.array(
    fc.stringMatching(/^[!-~][ -~]{0,10}$/).filter((line) => !line.startsWith("-- ")),
    {
      maxLength: 3,
    },
  );
  return fc
    .uniqueArray(fc.tuple(name(), text), { maxLength: 2, selector: ([n]) => n })
    .map((all) => all.flatMap(([n, lines]) => [`-- ${n}.bin --`, ...lines]));
}
