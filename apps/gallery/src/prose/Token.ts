/** Words, numbers and signs of prose with formulas. */

export interface Token {
  readonly kind: "number" | "name" | "word" | "sign"
  readonly text: string
  /** Range of the token in the text. */
  readonly from: number
  readonly to: number
}

/** Letters by name. */
export const greek: ReadonlyMap<string, string> = new Map(
  Object.entries({
    alpha: "α",
    beta: "β",
    gamma: "γ",
    delta: "δ",
    Delta: "Δ",
    eps: "ε",
    epsilon: "ε",
    eta: "η",
    theta: "θ",
    kappa: "κ",
    lambda: "λ",
    mu: "μ",
    nu: "ν",
    pi: "π",
    Pi: "Π",
    rho: "ρ",
    sigma: "σ",
    Sigma: "Σ",
    tau: "τ",
    phi: "φ",
    omega: "ω",
  }),
)

/** Names of functions, which are set upright. */
export const functions: ReadonlySet<string> = new Set(
  "cos cosh diag exp grad Hess Im ln log max min Re sin sinh sqrt sum tanh tr".split(" "),
)

/** Words of prose that are names in formulas, if a sign joins them to another operand. */
export const quantities: ReadonlySet<string> = new Set(
  "gap hi lo residual scale share support".split(" "),
)

/** Products and differentials written as one word. */
const written: ReadonlySet<string> = new Set(["dB", "dt", "xy"])

const pattern =
  /(?<word>\d{4}-\d\d-\d\d|(?<=\p{L})'s(?!\p{L})|[A-Z]\.\d+|e\.g\.|i\.e\.)|(?<number>\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?(?:e-?\d+)?)|(?<letters>\p{L}+)(?<digits>\d*)|(?<sign>\.\.\.|<=|>=|!=|<-|->|>>|<<|\+-|[-+*/^_'|()[\]{}<>=,.²³])/gu

/** Tests whether a word, given as the letters before its digits, can be part of a formula in any context. */
const isName = (letters: string, digits: string): boolean =>
  letters.length === 1 ||
  greek.has(letters) ||
  (digits === "" && (functions.has(letters) || written.has(letters))) ||
  letters === "sqrt"

/** Tokens of a text; other characters, such as a semicolon, remain between tokens. */
export const tokens = (text: string): ReadonlyArray<Token> =>
  Array.from(text.matchAll(pattern), ({ 0: whole, groups, index: from }) => {
    const { digits = "", letters, number, sign } = groups!
    const to = from + whole.length
    // what has an index or a power is a name, whatever it says
    const isNamed =
      letters !== undefined && (isName(letters, digits) || /[_^]/.test(text[to] ?? ""))
    const kind =
      number !== undefined ? "number" : sign !== undefined ? "sign" : isNamed ? "name" : "word"
    return { kind, text: whole, from, to }
  })
