/**
 * Streaming reader of records from JSON text, with one record in memory. Records are objects one after another (JSON lines), the
 * objects of a list, or those of the list `log_history` of one object. The other fields of that object are its head.
 */
import { DamagedLog, LogTooLarge } from "./LogError.ts"

/** Maximum number of bytes of a record, and deepest nesting of lists and objects. */
export const bounds = { record: 2 ** 19, depth: 64 }

/** Quotes Python's NaN and Infinity, which JSON lacks: as text they can be read as numbers. */
const quoted = (text: string): string => {
  let out = ""
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) {
      at = endOfText(text, at + 1)
      continue
    }
    if (code !== 78 && code !== 73) continue
    const word = code === 78 ? "NaN" : "Infinity"
    if (!text.startsWith(word, at)) continue
    const start = at > 0 && text[at - 1] === "-" ? at - 1 : at
    out += `${text.slice(from, start)}"${text.slice(start, at)}${word}"`
    from = at + word.length
    at = from - 1
  }
  return out + text.slice(from)
}

/** Finds the end of a quoted text that begins before `from`. */
const endOfText = (text: string, from: number): number => {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === 34) return at
  }
  return text.length
}

/** JSON, also with Python's NaN and Infinity, which become texts. Throws SyntaxError. */
export const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return JSON.parse(quoted(text))
  }
}

/** An object of a log. */
export type Fields = { readonly [name: string]: unknown }

/** Consumer of records. */
export interface Sink {
  readonly record: (fields: Fields) => void
  /** Receives the fields of the object around a `log_history` at its end, with an empty list in its place. */
  readonly head: (fields: Fields) => void
}

const code = { line: 10, quote: 34, comma: 44, escape: 92 } as const
const [openList, closeList, openObject, closeObject, mark] = [91, 93, 123, 125, 0xfeff]

/** Takes text in chunks. Mutable. */
export class JsonRecords {
  readonly #path: string
  readonly #sink: Sink
  /** Container of the records: none, a list, or the list of an object whose text before it is `#head`. */
  #within: "text" | "list" | "history" = "text"
  #head = ""
  #hasHistory = false
  /** The record in progress: its text, the number of open objects and lists, and its first line. */
  #text = ""
  #level = 0
  #began = 1
  #isText = false
  #isEscaped = false
  #line = 1
  count = 0

  constructor(path: string, sink: Sink) {
    this.#path = path
    this.#sink = sink
  }

  #damaged(reason: string, line = this.#line): never {
    throw new DamagedLog({ path: this.#path, place: `line ${line}`, reason })
  }

  #append(part: string): void {
    this.#text += part
    if (this.#text.length > bounds.record) {
      const what = `characters in the record of line ${this.#began}`
      throw new LogTooLarge({ path: this.#path, what, most: bounds.record })
    }
  }

  #end(): void {
    let fields: Fields
    try {
      fields = parse(this.#text) as Fields
    } catch (cause) {
      const reason = `is not JSON (${(cause as Error).message.slice(0, 100)}); correct or remove this record`
      return this.#damaged(reason, this.#began)
    }
    this.#text = ""
    if (this.#within === "text" && this.#hasHistory) {
      this.#hasHistory = false
      return this.#sink.head(fields)
    }
    this.count++
    this.#sink.record(fields)
  }

  /** Takes a character between records; true if it begins a record or continues the object around them. */
  #between(character: number): boolean {
    if (character <= 32 || character === code.comma || character === mark) return false
    if (character === openObject) {
      this.#level = 1
      this.#began = this.#line
      return true
    }
    if (character === openList && this.#within === "text" && this.count === 0) {
      this.#within = "list"
      return false
    }
    if (character === closeList && this.#within === "list") {
      this.#within = "text"
      return false
    }
    if (character === closeList && this.#within === "history") {
      this.#text = this.#head
      this.#level = 1
      this.#within = "text"
      return true
    }
    return this.#damaged(
      'is not a JSON object; a log has one per step, such as {"step": 1, "loss": 2.5}',
    )
  }

  /** Throws DamagedLog and LogTooLarge. */
  push(chunk: string): void {
    let from = 0
    for (let at = 0; at < chunk.length; at++) {
      const character = chunk.charCodeAt(at)
      if (character === code.line) this.#line++
      if (this.#isText) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (character === code.escape) this.#isEscaped = true
        else if (character === code.quote) this.#isText = false
      } else if (this.#level === 0) {
        if (this.#between(character)) from = at
      } else if (character === code.quote) this.#isText = true
      else if (character === openObject || character === openList) {
        const isTop = this.#level === 1 && this.#within === "text"
        if (isTop && character === openList && !this.#hasHistory) {
          this.#append(chunk.slice(from, at + 1))
          from = at + 1
          if (/"log_history"\s*:\s*\[$/.test(this.#text.slice(-64))) {
            this.#head = this.#text
            this.#text = ""
            this.#level = 0
            this.#within = "history"
            this.#hasHistory = true
            continue
          }
        }
        if (++this.#level > bounds.depth) {
          this.#damaged(`has more than ${bounds.depth} nested lists and objects`)
        }
      } else if (character === closeObject || character === closeList) {
        if (--this.#level > 0) continue
        this.#append(chunk.slice(from, at + 1))
        this.#end()
      }
    }
    if (this.#level > 0) this.#append(chunk.slice(from))
  }

  /** Notes on the text once it has ended. Throws DamagedLog if the text had no complete record. */
  finish(): ReadonlyArray<string> {
    const isCut = this.#level > 0 || this.#within !== "text"
    if (this.count === 0 && !isCut) return []
    if (this.count === 0) this.#damaged("it ends before its first complete record")
    return isCut
      ? [
          `the text is truncated at line ${this.#line}, as in a run that is in progress or was killed: read up to its last complete record`,
        ]
      : []
  }
}
