/** Passages of a README that quote a study: their numbers with decimals or a percent sign, their intervals and their counts. */
import { readdirSync } from "node:fs"
import { join } from "node:path"

const names = readdirSync(join(import.meta.dirname, "../../../../studies"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

export interface Quoted {
  /** The number that an interval is of, where the text has it right before. */
  readonly mean: string | undefined
  readonly low: string
  readonly high: string
}

export interface Quotation {
  readonly study: string
  /** The file with the line where the passage begins. */
  readonly place: string
  readonly intervals: ReadonlyArray<Quoted>
  /** Numbers outside intervals: with decimals, with a comma between thousands, or in percent. */
  readonly numbers: ReadonlyArray<string>
  /** Counts, `holds of of`. */
  readonly counted: ReadonlyArray<readonly [holds: string, of: string]>
}

const number = String.raw`[-+]?(\d[\d,]*(?:\.\d+)?(?:e\d+)?)`

/** `1.04 (1.02 to 1.06)`, `difference 0.006, 0.005 to 0.008`, and `; +0.06 to +0.21` of a number elsewhere. */
const interval = new RegExp(
  `(?:(?<!\\d)${number}(?: %| times)? \\(|difference ${number}, |(?<=[(;,][^(;,]*))${number} to ${number}`,
  "g",
)

const count = /(?<![\d.,])(\d[\d,]*) of (?:the )?(\d[\d,]*)(?![\d.e])/g

const single = /(?<![\w.,-])[-+]?(\d[\d,]*\.\d+(?:e\d+)?|\d{1,3}(?:,\d{3})+|\d+(?= %))/g

/** Numbers that a text quotes from a study. */
export const read = (study: string, place: string, text: string): Quotation => {
  const plain = text.replace(/\]\([^)]*\)/g, "]").replace(/95 % confidence|Theorem \d+\.\d+/g, "")
  const rest = plain.replace(interval, " ").replace(count, " ")
  return {
    study,
    place,
    intervals: [...plain.matchAll(interval)].map(([, mean, other, low = "", high = ""]) => ({
      mean: mean ?? other,
      low,
      high,
    })),
    counted: [...plain.matchAll(count)].map(([, holds = "", of = ""]) => [holds, of]),
    numbers: [...rest.matchAll(single)].map(([, each = ""]) => each),
  }
}

/** The study that a line begins to quote: in bold or as the start of an item, or by a link in a row of a table. */
const namedIn = (text: string): string | undefined =>
  names.find((name) => new RegExp(`\\*\\*\`?\\[?\`?${name}(?![a-z-])`).test(text)) ??
  names.find((name) => text.includes(`studies/${name})`))

/** A paragraph, an item of a list or a row of a table continues on lines that begin neither of them, nor a heading. */
const begins = /^(?:- |#|\|)/

interface Passage {
  readonly line: number
  text: string
}

const passagesIn = (markdown: string): ReadonlyArray<Passage> => {
  const found: Array<Passage> = []
  let isOpen = false
  const withoutCode = markdown.replace(/```[\s\S]*?```/g, (code) => code.replace(/[^\n]/g, ""))
  for (const [at, text] of withoutCode.split("\n").entries()) {
    const isBlank = text.trim() === ""
    if (isOpen && !isBlank && !begins.test(text)) found.at(-1)!.text += ` ${text.trim()}`
    else if (!isBlank) found.push({ line: at + 1, text })
    isOpen = !isBlank && !/^[#|]/.test(text)
  }
  return found
}

/** All passages of a README that quote studies. One that names no study quotes that of the passage before it, up to the next heading. */
export const quotations = (markdown: string, file: string): ReadonlyArray<Quotation> => {
  const found: Array<Quotation> = []
  let current: string | undefined
  for (const { line, text } of passagesIn(markdown)) {
    const own = namedIn(text)
    if (text.startsWith("#")) current = undefined
    else if (!text.startsWith("|")) current = own ?? current
    const study = own ?? current
    if (study !== undefined) found.push(read(study, `${file}:${line}`, text))
  }
  return found
}
