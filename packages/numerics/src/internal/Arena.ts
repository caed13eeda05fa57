/**
 * Arrays inside the memory of the kernels, which kernels use without a copy.
 *
 * The memory is created once at its full size and never grows, because growing a WebAssembly memory detaches every view.
 * Untouched pages only cost address space. A view therefore stays valid while it is referenced; after `release` the next
 * allocation may overwrite it.
 */
import { ArenaFull } from "../ArenaFull.ts"
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import type { Workspace } from "../Workspace.ts"

/** Blocks start at multiples of a cache line. */
const alignment = 64

/** Part of a buffer in which arrays are allocated and released; `Kernels.arena` is one. */
export class Arena implements Workspace {
  readonly buffer: ArrayBuffer
  /** Bytes that can be allocated. */
  readonly capacity: number
  /** Free blocks in order of address, never adjacent: starts and sizes in bytes. */
  readonly #starts: Array<number>
  readonly #sizes: Array<number>
  /** Size of each allocated block by its start. */
  readonly #blocks = new Map<number, number>()
  #used = 0
  /** Starts of the blocks that each open scope still holds. */
  readonly #scopes: Array<Set<number>> = []
  /** Views in this memory by address, since asking a view for its buffer takes longer than a small kernel. */
  readonly #seen: Array<ArrayBufferView | undefined> = Array.from({ length: 64 })

  /** An arena over `capacity` bytes of `buffer` from `begin` on; both multiples of 64. */
  constructor(buffer: ArrayBuffer, begin: number, capacity: number) {
    this.buffer = buffer
    this.capacity = capacity
    this.#starts = [begin]
    this.#sizes = [this.capacity]
  }

  /** Bytes in use. */
  get used(): number {
    return this.#used
  }

  /** Bytes of the largest free block. */
  get largestFree(): number {
    return this.#sizes.reduce((largest, free) => Math.max(largest, free), 0)
  }

  /** See `Workspace`; the array belongs to its caller until `release`. */
  f64(length: number): Float64Array<ArrayBuffer> {
    Require.count("Arena.f64", "length", length, 0)
    return new Float64Array(this.buffer, this.take(8 * length), length).fill(0)
  }

  /** Like `f64`, for float32. */
  f32(length: number): Float32Array<ArrayBuffer> {
    Require.count("Arena.f32", "length", length, 0)
    return new Float32Array(this.buffer, this.take(4 * length), length).fill(0)
  }

  /** Like `f64`, for 32-bit integers. */
  i32(length: number): Int32Array<ArrayBuffer> {
    Require.count("Arena.i32", "length", length, 0)
    return new Int32Array(this.buffer, this.take(4 * length), length).fill(0)
  }

  /** Tests whether an array lies in this memory. */
  holds(array: ArrayBufferView): boolean {
    const slot = (array.byteOffset >>> 6) & 63
    if (this.#seen[slot] === array) return true
    if (array.buffer !== this.buffer) return false
    this.#seen[slot] = array
    return true
  }

  /** Releases an array that `f64`, `f32` or `i32` returned and that has not been released. Throws InvalidInput. */
  release(array: ArrayBufferView): void {
    const start = array.byteOffset
    if (array.buffer !== this.buffer || !this.#blocks.has(start)) {
      invalid(
        "Arena.release",
        "the array must have been allocated by this arena and not yet released",
        {
          byteOffset: start,
        },
      )
    }
    for (const held of this.#scopes) held.delete(start)
    this.give(start)
  }

  /** Runs `use` with a workspace whose remaining arrays are released when it returns or throws. */
  scoped<A>(use: (workspace: Workspace) => A): A {
    const held = new Set<number>()
    const keep = <T extends ArrayBufferView>(array: T): T => {
      held.add(array.byteOffset)
      return array
    }
    this.#scopes.push(held)
    try {
      return use({
        f64: (length) => keep(this.f64(length)),
        f32: (length) => keep(this.f32(length)),
        i32: (length) => keep(this.i32(length)),
      })
    } finally {
      this.#scopes.pop()
      for (const start of held) this.give(start)
    }
  }

  /** The address of `bytes` fresh bytes, not cleared; for kernels. Throws ArenaFull. */
  take(bytes: number): number {
    const size = Math.max(alignment, Math.ceil(bytes / alignment) * alignment)
    const sizes = this.#sizes
    for (let i = 0; i < sizes.length; i++) {
      const free = sizes[i]!
      if (free < size) continue
      const start = this.#starts[i]!
      if (free === size) {
        this.#starts.splice(i, 1)
        sizes.splice(i, 1)
      } else {
        this.#starts[i] = start + size
        sizes[i] = free - size
      }
      this.#blocks.set(start, size)
      this.#used += size
      return start
    }
    throw new ArenaFull({
      requested: size,
      largestFree: this.largestFree,
      used: this.#used,
      capacity: this.capacity,
    })
  }

  /** Releases the block at an address that `take` returned. */
  give(start: number): void {
    const size = this.#blocks.get(start)
    if (size === undefined) return
    this.#blocks.delete(start)
    this.#used -= size
    const starts = this.#starts
    const sizes = this.#sizes
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle]! < start) low = middle + 1
      else high = middle
    }
    const joinsBefore = low > 0 && start === starts[low - 1]! + sizes[low - 1]!
    const joinsAfter = low < starts.length && start + size === starts[low]!
    if (joinsBefore) {
      sizes[low - 1] = sizes[low - 1]! + size + (joinsAfter ? sizes[low]! : 0)
      if (joinsAfter) {
        starts.splice(low, 1)
        sizes.splice(low, 1)
      }
    } else if (joinsAfter) {
      starts[low] = start
      sizes[low] = sizes[low]! + size
    } else {
      starts.splice(low, 0, start)
      sizes.splice(low, 0, size)
    }
  }
}
