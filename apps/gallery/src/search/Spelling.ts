/** Words of a text in one spelling: British or American, with or without hyphens and endings. */

/** Letters as the page shows them, with their names in statements. */
const letters: Readonly<Record<string, string>> = Object.fromEntries(
  "α alpha β beta γ gamma δ delta ε epsilon η eta κ kappa λ lambda μ mu ρ rho σ sigma τ tau θ theta ∇ grad ≤ <= ≥ >= − - ł l ø o ß ss"
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
    .replace(/^(minim|maxim|optim|extrem|spectr|equilibri)a$/, "$1um")
    .replace(/^matrices$/, "matrix")

/** A word without its ending, if enough of it remains. */
export const stemOf = (word: string): string =>
  word
    .replace(/(?<=^\w{2,})bilit(?:y|ies)$/, "ble")
    .replace(/(?<=^\w{4,})(?:ations?|ences?|ness|ings?|it(?:y|ies)|ers?|ed|es|s|ly|e)$/, "")

const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("\u00AD", "")
    .replaceAll(/[α-ω∇≤≥−łøß]/g, (letter) => letters[letter] ?? letter)

/** Words of a text, normalised. A hyphenated word counts as its parts. */
export const wordsOf = (text: string): ReadonlyArray<string> =>
  plain(text)
    .split(/[^\p{L}\p{N}.]+/u)
    .map((word) => folded(word.replaceAll(/^\.+|\.+$/g, "")))
    .filter((word) => word !== "")

/** Hyphenated words of a text, normalised and without their hyphens. */
export const joinedOf = (text: string): ReadonlyArray<string> =>
  (plain(text).match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)+/gu) ?? []).map((word) =>
    folded(word.replaceAll("-", "")),
  )

/** Tests whether one word becomes the other by so many typing errors: a letter replaced, added, missing or swapped. */
export const isMistyped = (a: string, b: string, errors = 1): boolean => {
  if (Math.abs(a.length - b.length) > errors) return false
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  const [x, y] = [a.slice(same), b.slice(same)]
  if (x === y) return true
  if (errors === 0) return false
  const isSwapped = x.length > 1 && y.length > 1 && x[0] === y[1] && x[1] === y[0]
  return (
    isMistyped(x.slice(1), y.slice(1), errors - 1) ||
    isMistyped(x.slice(1), y, errors - 1) ||
    isMistyped(x, y.slice(1), errors - 1) ||
    (isSwapped && isMistyped(x.slice(2), y.slice(2), errors - 1))
  )
}
