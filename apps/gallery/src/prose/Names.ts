/** Names of claims and errata in words. */

const abbreviations = /\b(?:agop|asam|pl|sam|usam|vi)\b/g

/** Name in words of an id: "USAM threshold" of `optim-sam/usam-threshold`. */
export const nameOf = (id: string): string =>
  id
    .slice(id.indexOf("/") + 1)
    .replaceAll("-", " ")
    .replaceAll("zcdp", "zCDP")
    .replaceAll(abbreviations, (word) => word.toUpperCase())
