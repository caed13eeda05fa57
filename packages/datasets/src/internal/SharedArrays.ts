/** Arrays that threads share without copying; ordinary ones if the engine has no shared memory. */

const buffer = (bytes: number): ArrayBufferLike =>
  typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes)

/** Real numbers, all 0. */
export const reals = (length: number): Float64Array => new Float64Array(buffer(8 * length))

/** Integers from 0 to 2^32 - 1, all 0. */
export const wholes = (length: number): Uint32Array => new Uint32Array(buffer(4 * length))

/** List that grows at its end. Each number is copied once on average during growth, and never afterwards. */
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

  /** All numbers, without a copy. */
  get all(): Numbers {
    return this.#values.subarray(0, this.count) as Numbers
  }
}
