/** Prose with `backquotes` for code, **pairs of stars** for emphasis, and formulas in the project's notation. */
import { reading } from "./Formula.ts"
import { tokens } from "./Token.ts"

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

/** Escapes text for markup. */
export const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character]!)

/** Length in letters above which a formula may break between its terms. */
const longest = 24

const math = (markup: string): string => `<math>${markup}</math>`

/** Text with its formulas in MathML. */
const withFormulas = (text: string): string => {
  const all = tokens(text)
  const formulaAt = reading(text, all)
  let markup = ""
  let done = 0
  for (let at = 0; at < all.length;) {
    const formula = formulaAt(at)
    if (formula === undefined) {
      at++
      continue
    }
    const [from, to] = [all[at]!.from, all[formula.next - 1]!.to]
    const { parts } = formula
    markup += escape(text.slice(done, from))
    markup += to - from > longest ? parts.map(math).join("<wbr>") : math(parts.join(""))
    done = to
    at = formula.next
  }
  return markup + escape(text.slice(done))
}

/** Markup of prose; characters of the text never create elements. */
export const markupOf = (text: string): string =>
  text
    .split(/(`[^`]+`|\*\*\S[^*]*\S\*\*)/)
    .map((piece, i) =>
      i % 2 === 0
        ? withFormulas(piece)
        : piece.startsWith("`")
          ? `<code>${escape(piece.slice(1, -1))}</code>`
          : `<strong>${withFormulas(piece.slice(2, -2))}</strong>`,
    )
    .join("")
