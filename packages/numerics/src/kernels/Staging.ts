/** Brings ordinary arrays into the memory of the kernels for the time of one call. */
import type { Arena } from "../internal/Arena.ts"

export type Floats = Float64Array | Float32Array

export class Staging {
  readonly #arena: Arena
  readonly #f64: Float64Array
  readonly #f32: Float32Array
  readonly #i32: Int32Array
  /** Blocks taken from the arena because they do not fit into the bytes set aside. */
  readonly #held: Array<number> = []
  readonly #first: number
  readonly #limit: number
  #next: number

  /** Copies use the bytes [first, limit) if they fit, otherwise the arena. */
  constructor(arena: Arena, first: number, limit: number) {
    this.#first = first
    this.#limit = limit
    this.#next = first
    this.#arena = arena
    this.#f64 = new Float64Array(arena.buffer)
    this.#f32 = new Float32Array(arena.buffer)
    this.#i32 = new Int32Array(arena.buffer)
  }

  /** Address of an input: its own if it is in kernel memory, otherwise that of a copy. */
  input(array: Floats | Int32Array): number {
    if (this.#arena.holds(array)) return array.byteOffset
    const at = this.temporary(array.byteLength)
    this.#copyIn(array, at)
    return at
  }

  /** The address of an input as float64. */
  widened(array: Floats): number {
    if (array.BYTES_PER_ELEMENT === 8) return this.input(array)
    const at = this.temporary(8 * array.length)
    this.#f64.set(array, at / 8)
    return at
  }

  /** The address of a copy of integers below 2^31. */
  integers(values: Int32Array | Uint32Array): number {
    const at = this.temporary(4 * values.length)
    // of a few, a loop takes less than the call
    if (values.length > 32) this.#i32.set(values, at / 4)
    else for (let i = 0; i < values.length; i++) this.#i32[at / 4 + i] = values[i]!
    return at
  }

  /**
   * Address of an array that the kernel writes. It is its own in kernel memory if it does not overlap the two ranges of
   * bytes that the kernel reads, else that of a copy. `reads`: the kernel also reads it.
   */
  output(array: Floats, reads: boolean, from0 = 0, bytes0 = 0, from1 = 0, bytes1 = 0): number {
    if (this.#arena.holds(array)) {
      const at = array.byteOffset
      const end = at + array.byteLength
      const apart0 = end <= from0 || from0 + bytes0 <= at
      if (apart0 && (end <= from1 || from1 + bytes1 <= at)) return at
    }
    const at = this.temporary(array.byteLength)
    if (reads) this.#copyIn(array, at)
    return at
  }

  /** Copies a written array back to the caller's array. */
  back(array: Floats, at: number): void {
    if (this.#arena.holds(array) && array.byteOffset === at) return
    const first = at / array.BYTES_PER_ELEMENT
    const heap = array.BYTES_PER_ELEMENT === 8 ? this.#f64 : this.#f32
    array.set(heap.subarray(first, first + array.length))
  }

  /** Address of a block that is valid until `end`. */
  temporary(bytes: number): number {
    const next = this.#next + Math.ceil(bytes / 64) * 64
    if (next <= this.#limit) {
      const at = this.#next
      this.#next = next
      return at
    }
    const at = this.#arena.take(bytes)
    this.#held.push(at)
    return at
  }

  /** Releases the buffers of the call. */
  end(): void {
    this.#next = this.#first
    const held = this.#held
    while (held.length > 0) this.#arena.give(held.pop()!)
  }

  #copyIn(array: Floats | Int32Array, at: number): void {
    if (array instanceof Float64Array) this.#f64.set(array, at / 8)
    else if (array instanceof Float32Array) this.#f32.set(array, at / 4)
    else this.#i32.set(array, at / 4)
  }
}
