/** Bytes of a file that may or may not be text. */

import * as Typed from "./typed/Typed.ts"
import type { Format } from "./Notation.ts"

/** Mutable: bytes held until they show whether the file is text; if it is not, all of them. */
export class HeldBytes {
  #chunks: Array<Uint8Array> = []
  #isText = false
  format: Format | undefined
  length = 0

  /** Adds a chunk, and returns the bytes now known to be text; undefined if there are none. */
  add(chunk: Uint8Array): Uint8Array | undefined {
    if (this.#isText) return chunk
    this.#chunks.push(chunk)
    this.length += chunk.length
    if (this.format !== undefined || this.length < Typed.enough) return undefined
    return this.#decide()
  }

  #decide(): Uint8Array | undefined {
    const [only, ...others] = this.#chunks
    const all = only !== undefined && others.length === 0 ? only : this.take()
    this.format = Typed.formatOf(all)
    if (this.format === undefined) {
      this.#isText = true
      return all
    }
    this.#chunks = [all]
    return undefined
  }

  /** Ends the file: returns the text still held, which may be empty; undefined if the file is not text. */
  end(): Uint8Array | undefined {
    if (this.#isText) return new Uint8Array()
    return this.format === undefined ? this.#decide() : undefined
  }

  /** Takes out all held bytes, in a new buffer. */
  take(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.length)
    let at = 0
    for (const chunk of this.#chunks) {
      all.set(chunk, at)
      at += chunk.length
    }
    this.#chunks = []
    return all
  }
}
