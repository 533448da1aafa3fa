import { describe } from "vitest";
import { expect, test } from "portside/vitest";
import { dialogue } from "./dialogue.ts";

test("a test gets a file server of its own, and says which files it must hold", async ({ ftp }) => {
  await using client = await (await dialogue(ftp)).login();
  await client.say("MKD out");
  await client.store("STOR out/1.xml", "<order/>");
  await expect(ftp).toHaveFile("out/1.xml");
  await expect(ftp).toHaveFile("/out/1.xml", "<order/>");
  await expect(ftp.files).toHaveFile("out/1.xml", /order/);
  await expect(ftp).not.toHaveFile("out/2.xml");
  await expect(ftp).not.toHaveFile("out/1.xml", "else");
});

test("toHaveFile() says what there is instead", async ({ ftp }) => {
  await ftp.files.write("in/a", "content");
  await expect(expect(ftp).toHaveFile("b")).rejects.toThrow("expected the file b; there are in/a");
  await expect(expect(ftp).toHaveFile("in/a", "x")).rejects.toThrow(
    'expected in/a to hold "x"; it holds "content"',
  );
  await expect(expect(ftp).not.toHaveFile("in/a")).rejects.toThrow("expected no file in/a");
  await expect(expect(5).toHaveFile("in/a")).rejects.toThrow(TypeError);
});

describe("with options", () => {
  test.override({
    ftpOptions: { files: { "in/orders.csv": "id" }, users: [{ name: "ann", password: "a", home: "/in" }] },
  });

  test("the server starts with them", async ({ ftp }) => {
    await using client = await (await dialogue(ftp)).login("ann", "a");
    expect((await client.fetch("RETR orders.csv")).bytes.toString()).toBe("id");
    await expect(ftp.home("ann")).toHaveFile("orders.csv", "id");
  });
});
