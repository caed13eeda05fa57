/** Converts bytes to text, with a given or detected encoding. */
import { Result } from "effect"
import { isAscii, isUtf8 } from "node:buffer"
import { NotText } from "../CsvError.ts"
import * as FileKind from "../FileKind.ts"

import type { Encoding } from "./Notation.ts"

const marks = [
  { encoding: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { encoding: "utf-16le", bytes: [0xff, 0xfe] },
  { encoding: "utf-16be", bytes: [0xfe, 0xff] },
] as const

const beginsWith = (bytes: Uint8Array, first: ReadonlyArray<number>): boolean =>
  first.every((byte, k) => bytes[k] === byte)

/** Encoding by the first bytes: a byte order mark, or the zero byte next to the first ASCII character in UTF-16. */
const markedEncoding = (bytes: Uint8Array): Encoding | undefined => {
  const mark = marks.find((each) => beginsWith(bytes, each.bytes))
  if (mark !== undefined) return mark.encoding
  const [first, second] = bytes
  if (second === undefined || (first === 0) === (second === 0)) return undefined
  return second === 0 ? "utf-16le" : "utf-16be"
}

/** Number of trailing bytes that begin an incomplete character of UTF-8. */
const incomplete = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return back < length ? back : 0
  }
  return 0
}

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

/** Position at which bytes are not valid UTF-8: the number of preceding lines. */
export interface Undecodable {
  readonly linesAbove: number
}

/**
 * Mutable: receives bytes in chunks. Text that is UTF-8 up to some byte is read as Windows-1252 if all earlier bytes are
 * ASCII; otherwise it is `Undecodable`.
 */
export class Decoder {
  readonly #isDeclared: boolean
  #encoding: Encoding | undefined
  #decoder: InstanceType<typeof TextDecoder> | undefined
  #held: Uint8Array = new Uint8Array()
  #isAscii = true

  constructor(encoding: Encoding | undefined) {
    this.#isDeclared = encoding !== undefined
    this.#encoding = encoding
  }

  get encoding(): Encoding {
    return this.#encoding ?? "utf-8"
  }

  /** Text of these bytes and of those held back, except for an incomplete character; for UTF-8 the bytes themselves. */
  add(bytes: Uint8Array, isLast: boolean): Result.Result<string | Uint8Array, Undecodable> {
    const all = this.#held.length === 0 ? bytes : joined(this.#held, bytes)
    this.#held = new Uint8Array()
    if (this.#decoder === undefined) {
      if (all.length < 4 && !isLast) {
        this.#held = all.slice()
        return Result.succeed("")
      }
      this.#encoding ??= markedEncoding(all)
      this.#decoder = new TextDecoder(this.encoding)
    }
    if (this.encoding !== "utf-8") {
      return Result.succeed(this.#decoder.decode(all, { stream: !isLast }))
    }
    const cut = isLast ? all.length : all.length - incomplete(all)
    const complete = all.subarray(0, cut)
    if (!isUtf8(complete)) return this.#withoutUtf8(complete, all, isLast)
    this.#isAscii &&= isAscii(complete)
    this.#held = all.slice(cut)
    return Result.succeed(complete)
  }

  #withoutUtf8(complete: Uint8Array, all: Uint8Array, isLast: boolean) {
    const lenient = new TextDecoder().decode(complete)
    if (this.#isDeclared || !this.#isAscii || /[^\0-\u007f\ufffd]/.test(lenient)) {
      const above = lenient.slice(0, lenient.indexOf("\ufffd"))
      return Result.fail({ linesAbove: above.split(/\r\n|\r|\n/).length - 1 })
    }
    this.#encoding = "windows-1252"
    this.#decoder = new TextDecoder("windows-1252")
    return Result.succeed(this.#decoder.decode(all, { stream: !isLast }))
  }
}

/** Kind of a text that is not a table; no text contains the character 0. */
export const otherThanTable = (path: string, text: string): NotText | undefined => {
  const is = FileKind.ofText(text) ?? (text.includes("\0") ? "binary" : undefined)
  return is && new NotText({ path, is })
}

/** Kind of a file that is not text, by its first bytes. */
export const otherThanText = (path: string, bytes: Uint8Array): NotText | undefined => {
  const is = FileKind.ofBytes(bytes)
  return is && new NotText({ path, is })
}
