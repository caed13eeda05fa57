import { assert, describe, it } from "vitest"
import * as Markdown from "../src/Markdown.ts"

const render = (text: string, known: Readonly<Record<string, string>> = {}) =>
  Markdown.render(text, { link: (href) => href, explained: (code) => known[code] })

describe("Markdown", () => {
  it("lets no markup of a text through", () => {
    const { markup } = render('a <img src=x onerror="alert(1)"> b\n\n<script>alert(1)</script>\n')
    assert.notMatch(markup, /<(?:img|script)/)
    assert.include(markup, "&lt;script&gt;")
  })

  it("gives headings the addresses that GitHub gives them, each once", () => {
    const { headings, title } = render(
      "# Title\n\n## To the `bit`, or not\n\ntext\n\n## Again\n\n## Again\n",
    )
    assert.strictEqual(title, "Title")
    assert.deepStrictEqual(
      headings.map(({ id, text }) => [id, text]),
      [
        ["to-the-bit-or-not", "text"],
        ["again", ""],
        ["again-1", ""],
      ],
    )
  })

  it("typesets formulas, and takes neither prices nor code for one", () => {
    assert.include(render("the rate $\\eta$.").markup, "<math")
    assert.include(render("$$\n\\frac{1}{2}\n$$\n").markup, 'display="block"')
    assert.notInclude(render("5 $ and 6 $ or `$a$`").markup, "<math")
  })

  it("refuses a formula that TeX would refuse", () => {
    assert.throws(() => render("$\\frac{1}$"))
  })

  it("links code that is explained elsewhere, and not twice in a link", () => {
    const known = { "a/b": "c.html" }
    assert.include(render("`a/b`", known).markup, '<a href="c.html"><code>a/b</code></a>')
    assert.include(render("[`a/b`](d.html)", known).markup, '<a href="d.html"><code>a/b</code></a>')
  })

  it("says why a block is not run", () => {
    assert.include(render("```sh no-run: needs a server\ncreatedb\n```").markup, "needs a server")
  })

  it("keeps code as it is, in colours", () => {
    const { markup } = render('```ts\nconst a = "<b>" // => 1\n```')
    assert.include(markup, '<span class="s">&quot;&lt;b&gt;&quot;</span>')
    assert.include(markup, '<span class="v">// =&gt; 1</span>')
  })
})
