/**
 * Parser of formulas in the project's notation, `eta |grad L(w_t)|^2 / 2`, to MathML.
 *
 * Statements are plain text in verdicts and on terminals, so formulas must be found within prose; no formula library does this.
 * Temml, which sets the formulas of the guides, would replace only the few elements of `MathMl.ts`. It would add 67 kB to every
 * report, because the page parses prose too.
 */
import {
  applied,
  between,
  closing,
  drawn,
  nameOf,
  numberOf,
  powers,
  relations,
  row,
  sign,
  sums,
  times,
} from "./MathMl.ts"
import { functions, quantities, type Token } from "./Token.ts"
import { Words } from "./Words.ts"

/** Result of a parser: the node and the position after it. */
interface Read {
  readonly markup: string
  readonly next: number
  /** Content without its brackets, which a fraction line makes redundant. */
  readonly bare?: string
  /** True if it has only numbers, brackets and commas, which prose can show unchanged. */
  readonly isPlain: boolean
  /** True if it is applied to what follows it. */
  readonly isFunction?: boolean
}

/** A formula in parts between which a line may break, and the index of the token after it. */
export interface Formula {
  readonly parts: ReadonlyArray<string>
  readonly next: number
}

const formal = (markup: string, next: number): Read => ({ markup, next, isPlain: false })

/** Joins several results in order. */
const joined = (reads: ReadonlyArray<Read>): Read | undefined =>
  reads.length < 2
    ? reads[0]
    : formal(reads.map(({ markup }) => markup).join(""), reads.at(-1)!.next)

/** Parses formulas from the tokens of a text. */
class Reader {
  readonly #words: Words
  readonly #fences = new Map<number, Read | undefined>()

  constructor(words: Words) {
    this.#words = words
  }

  /** Brackets around a list, parsed once: otherwise unclosed ones would be tried again at each depth. */
  #fence(at: number): Read | undefined {
    if (!this.#fences.has(at)) this.#fences.set(at, this.#listed(at))
    return this.#fences.get(at)
  }

  #listed(at: number): Read | undefined {
    const open = this.#words.at(at)!.text
    const close = closing.get(open)!
    const isAngle = open === "<"
    const inner = (from: number): Read | undefined =>
      isAngle ? this.#sum(from, open) : this.#relation(from, open)
    let read = inner(at + 1)
    if (read === undefined) return undefined
    let markup = read.markup
    let { isPlain } = read
    let isList = false
    while (this.#words.is(read.next, ",")) {
      read = inner(read.next + 1)
      if (read === undefined) return undefined
      markup += sign(",") + read.markup
      isPlain &&= read.isPlain
      isList = true
    }
    if (!this.#words.is(read.next, close)) return undefined
    const isTall = markup.includes("<mfrac>")
    const [left, right] = [drawn.get(open) ?? open, drawn.get(close) ?? close]
    return {
      markup: row(
        `<mo form="prefix" stretchy="${isTall}">${left}</mo>${markup}<mo form="postfix" stretchy="${isTall}">${right}</mo>`,
      ),
      ...(!isList && (open === "(" || open === "{") ? { bare: row(markup) } : {}),
      next: read.next + 1,
      isPlain,
    }
  }

  /** A number, a name, or a bracketed expression. `within` is the enclosing bracket. */
  #atom(at: number, within: string): Read | undefined {
    const token = this.#words.at(at)
    if (token === undefined) return undefined
    const { kind, text } = token
    const next = at + 1
    if (kind === "number") {
      const unit =
        this.#words.at(next)?.kind === "name" && this.#words.isTight(next)
          ? this.#power(next, within)
          : undefined
      return unit === undefined
        ? { markup: numberOf(text), next, isPlain: !text.includes("e") }
        : formal(row(numberOf(text) + times + unit.markup), unit.next)
    }
    if (text === "...") return formal(sign("…"), next)
    if (kind === "sign") {
      return closing.get(text) === undefined ? undefined : this.#fence(at)
    }
    if (kind === "word" && !quantities.has(text)) return undefined
    if (text.startsWith("sqrt")) return this.#root(at, within)
    if (
      this.#words.is(next, "-") &&
      this.#words.is(next + 1, "hat") &&
      this.#words.isTight(next + 1)
    ) {
      return formal(`<mover>${nameOf(text)}${sign("^")}</mover>`, next + 2)
    }
    return { markup: nameOf(text), next, isPlain: false, isFunction: functions.has(text) }
  }

  #root(at: number, within: string): Read | undefined {
    const digits = this.#words.at(at)!.text.slice("sqrt".length)
    if (digits !== "") return formal(`<msqrt><mn>${digits}</mn></msqrt>`, at + 1)
    const of = this.#power(at + 1, within)
    return of && formal(`<msqrt>${of.bare ?? of.markup}</msqrt>`, of.next)
  }

  /** Parses a subscript or superscript: a word, a sign, or an operand with its own sign. */
  #script(at: number, within: string): Read | undefined {
    const token = this.#words.at(at)
    if (token === undefined || !this.#words.isTight(at)) return undefined
    if (token.text === "*") return formal(sign("*"), at + 1)
    if (token.text === "-") {
      const of = this.#atom(at + 1, within)
      return of && { ...of, markup: row(sign("−") + of.markup) }
    }
    if (token.kind === "word") {
      const isShort = token.text.length === 2
      return formal(
        isShort
          ? row(Array.from(token.text, (letter) => `<mi>${letter}</mi>`).join(""))
          : `<mi>${token.text}</mi>`,
        at + 1,
      )
    }
    const of = this.#atom(at, within)
    return of && { ...of, markup: of.bare ?? of.markup }
  }

  /** Primes and stars after a name; `'s` is not one. */
  #marks(at: number): { readonly markup: string; readonly next: number } {
    let next = at
    let markup = ""
    for (;;) {
      const token = this.#words.at(next)
      if (token === undefined || !this.#words.isTight(next)) break
      const after = this.#words.after(token)
      if (token.text === "'" && !/^s\b/.test(after)) markup += "′"
      else if (token.text === "*" && !/^[\p{L}\d*]/u.test(after)) markup += "*"
      else break
      next++
    }
    return { markup: markup === "" ? "" : sign(markup), next }
  }

  /** An operand with its primes, index, power and adjacent arguments. */
  #power(at: number, within: string): Read | undefined {
    const atom = this.#atom(at, within)
    if (atom === undefined) return undefined
    let { markup, next } = atom
    const early = this.#marks(next)
    next = early.next
    let [below, above] = ["", early.markup]
    for (;;) {
      const power = powers.get(this.#words.at(next)?.text ?? "")
      if (power !== undefined && this.#words.isTight(next)) {
        above += `<mn>${power}</mn>`
        next++
        continue
      }
      const isBelow = this.#words.is(next, "_")
      if ((!isBelow && !this.#words.is(next, "^")) || !this.#words.isTight(next)) break
      const script = this.#script(next + 1, within)
      if (script === undefined) return undefined
      const late = this.#marks(script.next)
      next = late.next
      if (isBelow) below += script.markup
      else above += script.markup
      above += late.markup
    }
    const [sub, sup] = [below, above].map((script) =>
      /^<(\w+)>[^<]*<\/\1>$/.test(script) ? script : row(script),
    )
    if (below !== "" && above !== "") markup = `<msubsup>${markup}${sub}${sup}</msubsup>`
    else if (below !== "") markup = `<msub>${markup}${sub}</msub>`
    else if (above !== "") markup = `<msup>${markup}${sup}</msup>`
    const isScripted = next !== atom.next
    if (
      /^\p{L}/u.test(this.#words.at(at)!.text) &&
      this.#words.is(next, "(") &&
      this.#words.isTight(next)
    ) {
      const argument = this.#fence(next)
      if (argument !== undefined) {
        const own = this.#marks(argument.next)
        const value = row(markup + applied + argument.markup)
        if (own.next === argument.next && !this.#words.is(own.next, "^")) {
          return formal(value, argument.next)
        }
        const power = this.#words.is(own.next, "^") ? this.#script(own.next + 1, within) : undefined
        return formal(
          `<msup>${value}${row(own.markup + (power?.markup ?? ""))}</msup>`,
          power?.next ?? own.next,
        )
      }
    }
    return {
      markup,
      next,
      ...(atom.bare === undefined || isScripted ? {} : { bare: atom.bare }),
      isPlain: atom.isPlain && !isScripted,
      ...(atom.isFunction === true && { isFunction: true }),
    }
  }

  /** An operand: a sum with its terms, another operator with limits and its argument, or a simple operand. */
  #operand(at: number, within: string): Read | undefined {
    const first = this.#power(at, within)
    const isSum = this.#words.at(at)?.text === "sum"
    if (first?.isFunction !== true || !(isSum || this.#words.is(at - 1, "/"))) return first
    const of = isSum ? this.#product(first.next, within) : this.#power(first.next, within)
    if (of === undefined || !this.#words.isBeside(first.next)) return first
    return formal(row(first.markup + applied + of.markup), of.next)
  }

  /** Operands in a product, a fraction, or a dot product. */
  #product(at: number, within: string): Read | undefined {
    const first = this.#operand(at, within)
    if (first === undefined || this.#words.isArticle(at, within)) return undefined
    let product: Read = first
    let last = first
    for (;;) {
      const { next } = product
      const token = this.#words.at(next)
      if (token === undefined || !this.#words.isBeside(next)) break
      const isOver = token.text === "/" && this.#words.isInfix(next)
      const isDot =
        token.text === "." &&
        this.#words.isInfix(next) &&
        (!this.#words.isTight(next) || within !== "")
      const isSign = isOver || isDot
      const isArgument = last.isFunction === true && token.kind === "number"
      if (!isSign && !isArgument && this.#words.isProse(next, within)) break
      const operand = this.#operand(isSign ? next + 1 : next, within)
      if (operand === undefined) break
      if (isOver && this.#words.isTight(next)) {
        product = formal(product.markup + between("/") + operand.markup, operand.next)
      } else if (isOver) {
        const [top, bottom] = [product, operand].map((read) => read.bare ?? row(read.markup))
        product = formal(`<mfrac>${top}${bottom}</mfrac>`, operand.next)
      } else if (isDot) {
        product = formal(product.markup + sign("·") + operand.markup, operand.next)
      } else {
        const isCross =
          token.text === "x" && last.isPlain && this.#words.at(operand.next)?.kind === "number"
        if (isCross) {
          const right = this.#power(operand.next, within)!
          product = formal(product.markup + sign("×") + right.markup, right.next)
          last = right
          continue
        }
        const joint = last.isFunction === true ? `${applied}<mspace width="0.17em"/>` : times
        product = formal(product.markup + joint + operand.markup, operand.next)
      }
      last = operand
    }
    // a function of nothing is a word of the prose
    if (within === "" && last.isFunction === true && last === product) return undefined
    return product
  }

  /** A sum, and the positions of its terms. */
  #terms(at: number, within: string): ReadonlyArray<Read> {
    const signed = sums.get(this.#words.at(at)?.text ?? "")
    const isHyphen = this.#words.isTight(at) && this.#words.at(at - 1)!.kind !== "sign"
    const isSigned = signed !== undefined && !isHyphen
    const first = this.#product(isSigned ? at + 1 : at, within)
    if (first === undefined) return []
    const terms = [
      isSigned ? formal(`<mo form="prefix">${signed}</mo>${first.markup}`, first.next) : first,
    ]
    for (;;) {
      const { next } = terms.at(-1)!
      const infix = sums.get(this.#words.at(next)?.text ?? "")
      if (infix === undefined || !this.#words.isInfix(next)) return terms
      const term = this.#product(next + 1, within)
      if (term === undefined) return terms
      terms.push(formal(between(infix) + term.markup, term.next))
    }
  }

  #sum(at: number, within: string): Read | undefined {
    return joined(this.#terms(at, within))
  }

  /** A chain of relations, in parts. */
  #chain(at: number, within: string): ReadonlyArray<Read> {
    const parts = [...this.#terms(at, within)]
    while (parts.length > 0) {
      const { next } = parts.at(-1)!
      const relation = relations.get(this.#words.at(next)?.text ?? "")
      if (relation === undefined || !this.#words.isInfix(next)) break
      const [first, ...rest] = this.#terms(next + 1, within)
      if (first === undefined) break
      parts.push({ ...first, markup: between(relation) + first.markup, isPlain: false }, ...rest)
    }
    return parts
  }

  #relation(at: number, within: string): Read | undefined {
    return joined(this.#chain(at, within))
  }

  formula(at: number): Formula | undefined {
    const parts = this.#chain(at, "")
    if (parts.every(({ isPlain }) => isPlain)) return undefined
    const { next } = parts.at(-1)!
    const [{ text }, after] = [this.#words.at(at)!, this.#words.at(at + 1)]
    if (next === at + 1 && /^[aAI]$/.test(text)) return undefined
    // else it is a word of the prose
    const isJoined =
      after !== undefined && after.kind === "sign" && closing.get(after.text) === undefined
    if (quantities.has(text) && !(isJoined && next > at + 1)) return undefined
    return { parts: parts.map(({ markup }) => markup), next }
  }
}

/** Longest formula that begins at a token of a text; undefined unless some formula is more than numbers. */
export const reading = (
  text: string,
  tokens: ReadonlyArray<Token>,
): ((at: number) => Formula | undefined) => {
  const reader = new Reader(new Words(text, tokens))
  return (at) => reader.formula(at)
}
