import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { html, prose } from "../../src/evidence/report/Html.ts"

describe("Html", () => {
  it("escapes texts and keeps markup", () => {
    const items = ["<a>", "b & c"].map((text) => html`<i>${text}</i>`)
    assert.strictEqual(
      html`<b title="${'"quoted"'}">${items}${3}</b>`.markup,
      '<b title="&quot;quoted&quot;"><i>&lt;a&gt;</i><i>b &amp; c</i>3</b>',
    )
  })

  it("lets no text through that could be markup", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.notMatch(html`${text}`.markup, /[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/)
      }),
    )
  })

  it("marks code in prose, and what is to be seen first", () => {
    assert.strictEqual(prose("`x < 1` & more").markup, "<code>x &lt; 1</code> &amp; more")
    assert.strictEqual(
      prose("it is **no better**: 2 ** 3 ** 2").markup,
      "it is <strong>no better</strong>: 2 ** 3 ** 2",
    )
  })
})
