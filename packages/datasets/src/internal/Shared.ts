/** Arrays that threads read where they lie, so that no message copies them; plain ones where the engine shares no memory. */

const buffer = (bytes: number): ArrayBufferLike =>
  typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes)

/** Real numbers, all 0. */
export const reals = (length: number): Float64Array => new Float64Array(buffer(8 * length))

/** Integers from 0 to 2^32 - 1, all 0. */
export const wholes = (length: number): Uint32Array => new Uint32Array(buffer(4 * length))

/** A list that grows at its end. Each number is copied once on average while it does, and never after. */
export class Growing<Numbers extends Float64Array | Uint32Array> {
  #values: Numbers
  readonly #make: (length: number) => Numbers
  count = 0

  constructor(make: (length: number) => Numbers) {
    this.#make = make
    this.#values = make(1024)
  }

  push(value: number): void {
    if (this.count === this.#values.length) {
      const larger = this.#make(2 * this.count)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.count++] = value
  }

  /** All of them, where they lie. */
  get all(): Numbers {
    return this.#values.subarray(0, this.count) as Numbers
  }
}
