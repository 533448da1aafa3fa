import { expect, test } from "vitest";
import { authenticateFrom, isAllowed, parseUser } from "../../servers/ftp/users.ts";

test("without users anybody may log in; with users only they, with their password", async () => {
  expect(await authenticateFrom([], false)("anybody", "x")).toEqual({ name: "anybody" });
  const users = [{ name: "ann", password: "secret" }, { name: "open" }];
  const authenticate = authenticateFrom(users, false);
  expect(await authenticate("ann", "secret")).toBe(users[0]);
  expect(await authenticate("ann", "Secret")).toBeUndefined();
  expect(await authenticate("ann", "")).toBeUndefined();
  expect(await authenticate("open", "anything")).toBe(users[1]);
  expect(await authenticate("bob", "secret")).toBeUndefined();
  expect(await authenticate("anonymous", "me@here")).toBeUndefined();
  expect(await authenticateFrom(users, true)("anonymous", "me@here")).toEqual({
    name: "anonymous",
    isReadOnly: true,
  });
});

test("permissions by path: the first rule that fits decides", () => {
  const user = {
    name: "ann",
    permissions: [
      { path: "/in", allow: "write" },
      { path: "out/**", allow: "read" },
      { path: "*.log", allow: "nothing" },
    ],
  } as const;
  expect([isAllowed(user, "write", "/in/a"), isAllowed(user, "read", "/in/a")]).toEqual([true, false]);
  expect([isAllowed(user, "write", "/out/a/b"), isAllowed(user, "read", "/out/a/b")]).toEqual([false, true]);
  expect([isAllowed(user, "write", "/a.log"), isAllowed(user, "read", "/a.log")]).toEqual([false, false]);
  expect([isAllowed(user, "write", "/else"), isAllowed(user, "read", "/inside")]).toEqual([true, true]);
  expect(isAllowed({ name: "bob", isReadOnly: true }, "write", "/a")).toBe(false);
  expect(isAllowed({ name: "bob", isReadOnly: true }, "read", "/a")).toBe(true);
});

test("parseUser() reads name:password[:ro][:home]", () => {
  expect(parseUser("ann:secret")).toEqual({ name: "ann", password: "secret", isReadOnly: false });
  expect(parseUser("ann::ro")).toEqual({ name: "ann", password: "", isReadOnly: true });
  expect(parseUser("ann:x:ro:/home/ann/")).toEqual({
    name: "ann",
    password: "x",
    isReadOnly: true,
    home: "/home/ann",
  });
  expect(parseUser("ann:x:home")).toEqual({ name: "ann", password: "x", isReadOnly: false, home: "/home" });
  expect(() => parseUser("ann")).toThrow(TypeError);
});
