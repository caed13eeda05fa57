/** Words of a text in one spelling: British or American, with or without hyphens and endings. */

/** Letters as the page shows them, with their names in statements. */
const letters: Readonly<Record<string, string>> = Object.fromEntries(
  "α alpha β beta γ gamma δ delta ε epsilon η eta κ kappa λ lambda μ mu ρ rho σ sigma τ tau θ theta ∇ grad ≤ <= ≥ >= − -"
    .split(" ")
    .flatMap((letter, i, all) => (i % 2 === 0 ? [[letter, all[i + 1]!]] : [])),
)

/**
 * Normalises words with two spellings to one of them. Both texts and queries are normalised, so that words which merely look
 * alike do no harm.
 */
const folded = (word: string): string =>
  word
    .replace(/(?<=[a-z]{2})is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)/, "iz")
    .replace(/ys(?=(?:e|ed|es|er|ing)$)/, "yz")
    .replace(/(?<=[a-z]{3})our(?=(?:s|ed|ing|al|able|ite|ites|hood)?$)/, "or")
    .replace(/(?<=[a-z]{3})ll(?=(?:ed|er|ing)$)/, "l")
    .replace(/^(cent|met|fib)re(s?)$/, "$1er$2")
    .replace(/^(def|off|lic)ence(s?)$/, "$1ense$2")

/** A word without its ending, if enough of it remains. */
export const stemOf = (word: string): string =>
  word.replace(/(?<=^\w{4,})(?:ations?|ences?|ness|ings?|ed|es|s|ly|e)$/, "")

const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("\u00AD", "")
    .replaceAll(/[α-ω∇≤≥−]/g, (letter) => letters[letter] ?? letter)

/** Words of a text, normalised. A hyphenated word counts as one and as its parts. */
export const wordsOf = (text: string): ReadonlyArray<string> =>
  plain(text)
    .split(/[^\p{L}\p{N}.-]+/u)
    .flatMap((piece) => {
      const word = piece.replaceAll(/^[.-]+|[.-]+$/g, "")
      if (word === "") return []
      const parts = word.split("-")
      return parts.length > 1 ? [...parts, parts.join("")] : [word]
    })
    .map(folded)

/** Tests whether two words differ by one letter (replaced, added or missing), or by a swap of two. */
export const isOneTypo = (a: string, b: string): boolean => {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length - short.length > 1) return false
  let from = 0
  while (from < short.length && short[from] === long[from]) from++
  let rest = 0
  while (
    rest < short.length - from &&
    short[short.length - 1 - rest] === long[long.length - 1 - rest]
  ) {
    rest++
  }
  if (short.length < long.length) return from + rest >= short.length
  const differing = short.length - from - rest
  return (
    differing <= 1 ||
    (differing === 2 && short[from] === long[from + 1] && short[from + 1] === long[from])
  )
}
