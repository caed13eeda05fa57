import { assert, describe, it } from "vitest"
import * as Links from "../src/Links.ts"

const dead = (pages: Readonly<Record<string, string>>) =>
  Links.dead(new Map(Object.entries(pages)), (address) => address === "results/index.html#a/b")

describe("Links", () => {
  it("follows links to pages, to places in them, and to what else there is", () => {
    const here = '<a href="c/d.html#e"><a href="results/index.html#a/b"><a href="https://x.org">'
    const there = '<h2 id="e"><a href="../b.html"><a href="#e">'
    assert.deepStrictEqual(dead({ "b.html": here, "c/d.html": there }), [])
  })

  it.for([
    ["a page", "x.html"],
    ["a place", "#x"],
    ["a claim", "results/index.html#a/x"],
    ["a file", "files/x.svg"],
  ] as const)("names a link to %s that is not there", ([, href]) => {
    assert.deepStrictEqual(dead({ "b.html": `<a href="${href}">` }), [`b.html: ${href}`])
  })
})
