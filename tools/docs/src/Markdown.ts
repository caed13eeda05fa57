/** Markdown as the site shows it: with addresses for headings, links between pages, formulas, code in colours, and no HTML of its own. */
import { formula } from "@nonconvex/gallery/internal/Page"
import * as Prose from "@nonconvex/gallery/internal/Prose"
import { Marked, type Token, type Tokens } from "marked"
import * as Code from "./Code.ts"

export interface Heading {
  readonly depth: number
  readonly id: string
  readonly title: string
  /** The first words below it. */
  readonly text: string
}

export interface Rendered {
  readonly markup: string
  /** Without the title of the page. */
  readonly headings: ReadonlyArray<Heading>
  readonly title: string
  /** The first paragraph, as text. */
  readonly lede: string
}

/** What the text is rendered into. */
export interface Surroundings {
  /** Where a link or a picture leads on the site. */
  readonly link: (href: string) => string
  /** Where code in a sentence, such as an id of a claim, is explained. */
  readonly explained: Code.Explained
  /** Put before the addresses of headings, where several texts share a page. */
  readonly prefix?: string
}

/** The address that GitHub gives to a heading too. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-")

/** The words of tokens, without marks. */
const words = (tokens: ReadonlyArray<Token> | undefined): string =>
  (tokens ?? [])
    .map((token) => {
      if ("tokens" in token && token.tokens !== undefined) return words(token.tokens)
      if (token.type === "br") return " "
      return "text" in token ? (token.text as string) : ""
    })
    .join("")

interface Formula extends Tokens.Generic {
  readonly tex: string
  readonly isDisplayed: boolean
}

const typeset = (token: Tokens.Generic): string =>
  formula((token as Formula).tex, (token as Formula).isDisplayed)

const math = [
  {
    name: "displayed",
    level: "block" as const,
    start: (text: string) => /^\$\$/m.exec(text)?.index,
    tokenizer: (text: string) => {
      const [raw, tex] = /^\$\$\s*\n?([^$]+?)\s*\$\$(?:\n|$)/.exec(text) ?? []
      return raw === undefined ? undefined : { type: "displayed", raw, tex, isDisplayed: true }
    },
    renderer: typeset,
  },
  {
    name: "inline",
    level: "inline" as const,
    start: (text: string) => (text.indexOf("$") === -1 ? undefined : text.indexOf("$")),
    tokenizer: (text: string) => {
      const [raw, tex] = /^\$(?!\s)([^$\n]+?)(?<!\s)\$(?![\w$])/.exec(text) ?? []
      return raw === undefined ? undefined : { type: "inline", raw, tex, isDisplayed: false }
    },
    renderer: typeset,
  },
]

const region = (markup: string, label: string): string =>
  `<div class="scroll" tabindex="0" role="group" aria-label="${label}">${markup}</div>`

/** Renders a text. */
export const render = (text: string, { explained, link, prefix = "" }: Surroundings): Rendered => {
  const headings: Array<Heading> = []
  const taken = new Map<string, number>()
  let title = ""
  const idOf = (said: string): string => {
    const base = `${prefix}${slug(said)}`
    const count = taken.get(base) ?? 0
    taken.set(base, count + 1)
    return count === 0 ? base : `${base}-${count}`
  }
  const marked = new Marked({ extensions: math })
  const tokens = marked.lexer(text)
  const after = new Map<Token, string>()
  for (const [i, token] of tokens.entries()) {
    const next = tokens.slice(i + 1).find(({ type }) => type !== "space")
    if (token.type === "heading" && next !== undefined && "tokens" in next) {
      after.set(token, next.type === "paragraph" ? words(next.tokens) : "")
    }
  }
  marked.use({
    renderer: {
      heading(token) {
        const said = words(token.tokens)
        const id = idOf(said)
        const inner = this.parser.parseInline(token.tokens)
        if (token.depth === 1 && title === "" && prefix === "") {
          title = said
          return `<h1 id="${id}">${inner}</h1>\n`
        }
        headings.push({ depth: token.depth, id, title: said, text: after.get(token) ?? "" })
        const level = `h${Math.min(token.depth, 4)}`
        return `<${level} id="${id}">${inner}<a class="hash" href="#${id}" aria-label="address of ${Prose.escape(said)}">#</a></${level}>\n`
      },
      code({ lang = "", text: code }) {
        const [language = ""] = lang.split(/\s/)
        const why = /^\S+ no-run: (.+)$/.exec(lang)?.[1]
        const note =
          why === undefined
            ? ""
            : `<p class="source">Not run in the tests: ${Prose.escape(why)}</p>`
        return `<pre tabindex="0" role="group" aria-label="${Prose.escape(language === "" ? "output" : language)} code"><code>${Code.highlight(code, language)}</code></pre>${note}\n`
      },
      codespan({ text: code }) {
        const to = explained(code)
        const markup = `<code>${Prose.escape(code)}</code>`
        return to === undefined ? markup : `<a href="${to}">${markup}</a>`
      },
      html({ text: markup }) {
        return Prose.escape(markup)
      },
      link({ href, tokens: inner }) {
        // code in a link has the link already
        const shown = this.parser.parseInline(inner).replaceAll(/<a [^>]*>|<\/a>/g, "")
        return `<a href="${Prose.escape(link(href))}">${shown}</a>`
      },
      image({ href, text: said }) {
        return `<img src="${Prose.escape(link(href))}" alt="${Prose.escape(said)}">`
      },
      table(token) {
        const cells = (name: "td" | "th", row: ReadonlyArray<Tokens.TableCell>) =>
          row
            .map(({ align, tokens: inner }) => {
              const kind = align === "right" ? ' class="number"' : ""
              return `<${name}${kind}>${this.parser.parseInline(inner)}</${name}>`
            })
            .join("")
        const rows = token.rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n")
        return region(
          `<table><thead><tr>${cells("th", token.header)}</tr></thead><tbody>${rows}</tbody></table>`,
          "table",
        )
      },
    },
  })
  const markup = marked.parser(tokens)
  const first = tokens.find(({ type }) => type === "paragraph")
  const lede = first !== undefined && "tokens" in first ? words(first.tokens) : ""
  return { markup, headings, title, lede: lede.replaceAll(/\s+/g, " ") }
}
