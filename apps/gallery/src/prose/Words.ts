/** Neighbourhood of tokens in prose with formulas. */
import { quantities, type Token } from "./Token.ts"

/** Tokens of a text. */
export class Words {
  readonly #tokens: ReadonlyArray<Token>
  readonly #text: string

  constructor(text: string, tokens: ReadonlyArray<Token>) {
    this.#text = text
    this.#tokens = tokens
  }

  at(at: number): Token | undefined {
    return this.#tokens[at]
  }

  /** Text after a token. */
  after({ to }: Token): string {
    return this.#text.slice(to)
  }

  is(at: number, text: string): boolean {
    return this.#tokens[at]?.text === text
  }

  /** Tests whether only spaces stand between a token and its predecessor. */
  isBeside(at: number): boolean {
    const [before, token] = [this.#tokens[at - 1], this.#tokens[at]]
    if (before === undefined || token === undefined) return false
    return this.#text.slice(before.to, token.from).trim() === ""
  }

  /** Tests whether a token begins where its predecessor ends. */
  isTight(at: number): boolean {
    return at > 0 && this.#tokens[at - 1]!.to === this.#tokens[at]?.from
  }

  /** Tests whether a sign between two operands has space on both sides or on neither, since a hyphen belongs to its word. */
  isInfix(at: number): boolean {
    return this.isBeside(at) && this.isBeside(at + 1) && this.isTight(at) === this.isTight(at + 1)
  }

  /** Tests for an article: `a`, or `A` at the start of a sentence, before a word or, outside of brackets, before a name. */
  isArticle(at: number, within: string): boolean {
    const [token, next] = [this.#tokens[at]!, this.#tokens[at + 1]]
    const isFirst = /(?:^|[.:;]\s+)$/.test(this.#text.slice(0, token.from))
    if (token.text !== "a" && !(token.text === "A" && isFirst)) return false
    if (next === undefined || !this.isBeside(at + 1)) return false
    return next.kind === "word" || (next.kind === "name" && within === "" && !this.isTight(at + 1))
  }

  /** Tests whether a token is next to an operand without an operator, and is not an operand itself. */
  isProse(at: number, within: string): boolean {
    const { kind, text } = this.#tokens[at]!
    if (kind === "number" || quantities.has(text)) return true
    return text === "|" ? within === "|" : this.isArticle(at, within)
  }
}
