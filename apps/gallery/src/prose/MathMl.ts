/** Elements of formulas. */
import { greek } from "./Token.ts"

const escaped = (text: string): string => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;")

export const sign = (text: string): string => `<mo>${escaped(text)}</mo>`
export const between = (text: string): string => `<mo form="infix">${escaped(text)}</mo>`
export const row = (markup: string): string => `<mrow>${markup}</mrow>`

/** Invisible operators that screen readers pronounce: multiplication, and function application. */
export const times = "<mo>&#8290;</mo>"
export const applied = "<mo>&#8289;</mo>"

export const relations: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "<=": "≤",
    ">=": "≥",
    "!=": "≠",
    "<-": "←",
    "->": "→",
    ">>": "≫",
    "<<": "≪",
    "=": "=",
    "<": "<",
    ">": ">",
  }),
)

export const powers: ReadonlyMap<string, string> = new Map(Object.entries({ "²": "2", "³": "3" }))

export const sums: ReadonlyMap<string, string> = new Map(
  Object.entries({ "+": "+", "-": "−", "+-": "±" }),
)

export const closing: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "(": ")",
    "[": "]",
    "{": "}",
    "|": "|",
    "<": ">",
  }),
)

export const drawn: ReadonlyMap<string, string> = new Map(Object.entries({ "<": "⟨", ">": "⟩" }))

/** A name by its letters; digits at its end become its index. */
export const nameOf = (text: string): string => {
  const [, letters, digits] = /^(\p{L}+)(\d*)$/u.exec(text)!
  const symbol =
    letters === "grad" ? "∇" : letters === "sum" ? "∑" : (greek.get(letters!) ?? letters!)
  const isOne = symbol.length === 1
  const base =
    letters === "xy"
      ? "<mi>x</mi><mi>y</mi>"
      : letters === "sum"
        ? "<mo>∑</mo>"
        : symbol === "∇" || !isOne
          ? `<mi mathvariant="normal">${symbol}</mi>`
          : `<mi>${symbol}</mi>`
  return digits === "" ? base : `<msub>${base}<mn>${digits}</mn></msub>`
}

export const numberOf = (text: string): string => {
  const [mantissa, exponent] = text.split("e")
  if (exponent === undefined) return `<mn>${text}</mn>`
  const power = exponent.startsWith("-")
    ? row(`${sign("−")}<mn>${exponent.slice(1)}</mn>`)
    : `<mn>${exponent}</mn>`
  const ten = `<msup><mn>10</mn>${power}</msup>`
  return mantissa === "1" ? ten : `<mn>${mantissa}</mn>${sign("·")}${ten}`
}
