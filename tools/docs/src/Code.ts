/** Code in colours: comments, texts, words of the language; with links from names to where they are explained. */
import * as Prose from "@nonconvex/gallery/internal/Prose"

const words = new Set(
  "as asserts async await class const default else export extends false for from function if import in infer interface is keyof let new null of readonly return static this throw true type typeof undefined void while yield".split(
    " ",
  ),
)

const script =
  /(?<comment>\/\*[^]*?\*\/|\/\/[^\n]*)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|(?<name>[A-Za-z_$][\w$]*)/g

const shell = /(?<comment>(?<=^|\s)#[^\n]*)|(?<text>"(?:[^"\\]|\\.)*"|'[^']*')/g

const patterns: Readonly<Record<string, RegExp>> = {
  ts: script,
  tsx: script,
  js: script,
  json: script,
  sh: shell,
  python: /(?<comment>#[^\n]*)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/g,
}

/** Where a name is explained, from the page that is written; undefined where it is not. */
export type Explained = (name: string) => string | undefined

const span = (name: string, text: string): string =>
  `<span class="${name}">${Prose.escape(text)}</span>`

/** The markup of code in a language. */
export const highlight = (
  code: string,
  language: string,
  explained: Explained = () => undefined,
): string => {
  const pattern = patterns[language]
  if (pattern === undefined) return Prose.escape(code)
  let markup = ""
  let done = 0
  for (const { 0: whole, groups, index } of code.matchAll(pattern)) {
    const { comment, name, text } = groups!
    markup += Prose.escape(code.slice(done, index))
    done = index + whole.length
    if (comment !== undefined) markup += span(/^\/\/ (?:=>|≈)/.test(comment) ? "v" : "c", comment)
    else if (text !== undefined) markup += span("s", text)
    else if (name !== undefined && words.has(name)) markup += span("k", name)
    else {
      const to = explained(whole)
      markup +=
        to === undefined ? Prose.escape(whole) : `<a href="${to}">${Prose.escape(whole)}</a>`
    }
  }
  return markup + Prose.escape(code.slice(done))
}
