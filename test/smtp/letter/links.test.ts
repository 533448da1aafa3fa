import { expect, test } from "vitest";
import { findLinks } from "../../../servers/smtp/letter/links.ts";

test("findLinks() reads the anchors of HTML in order, entities decoded, each address once", () => {
  const html = `
    <!-- <a href="https://example.com/comment">no</a> -->
    <style>a { content: "<a href='https://example.com/style'>" }</style>
    <a href="https://example.com/verify?a=1&amp;b=2#top"><img src=x alt="Verify"></a>
    <A title="1 > 2" HREF = 'https://example.com/two'>Two <b>words</b><br>here</A>
    <a href=https://example.com/three>three</a> <a href="https://example.com/two">again</a>
    <a href=" https://example.com/
      four">4</a><a href="mailto:ann@example.com?subject=Hi">Ann</a><a href="myapp://verify/1">App</a>
    <a href="#here">no</a><a href="javascript:void(0)">no</a><a name="none">no</a><a href="/relative">relative</a>
    <map><area href="https://example.com/area" alt="the map"></map>`;
  expect(findLinks(html, "")).toEqual([
    { href: "https://example.com/verify?a=1&b=2#top", text: "Verify" },
    { href: "https://example.com/two", text: "Two words here" },
    { href: "https://example.com/three", text: "three" },
    { href: "https://example.com/      four", text: "4" },
    { href: "mailto:ann@example.com?subject=Hi", text: "Ann" },
    { href: "myapp://verify/1", text: "App" },
    { href: "/relative", text: "relative" },
    { href: "https://example.com/area", text: "the map" },
  ]);
});

test("findLinks() takes bare addresses out of text without the punctuation around them", () => {
  const text = `See https://example.com/a. Or (https://example.com/b_(c)), "https://example.com/d"!
    <https://example.com/e?x=1&y=2> HTTP://EXAMPLE.COM/F; https://example.com/g… https://example.com/h/,
    [x](https://example.com/i) **https://example.com/j** 見て：https://example.com/k。 ftp://example.com/l?
    nothttps://example.com www.example.com https://`;
  expect(findLinks("", text).map(({ href }) => href)).toEqual([
    "https://example.com/a",
    "https://example.com/b_(c)",
    "https://example.com/d",
    "https://example.com/e?x=1&y=2",
    "HTTP://EXAMPLE.COM/F",
    "https://example.com/g",
    "https://example.com/h/",
    "https://example.com/i",
    "https://example.com/j",
    "https://example.com/k",
    "ftp://example.com/l",
  ]);
});

test("findLinks() names a link by its words, not by the picture or the bare address beside it", () => {
  const html = `<a href="https://example.com/x"><img src="x.png"></a><a href="https://example.com/x">Sign in</a>`;
  expect(findLinks(html, "Sign in: https://example.com/x")).toEqual([
    { href: "https://example.com/x", text: "Sign in" },
  ]);
});
