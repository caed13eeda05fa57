/** Sliding window over a stream of numbers: its order statistics and its minimum. */

/** The last `capacity` numbers, sorted. */
export class SortedWindow {
  readonly #ring: Float64Array
  readonly #sorted: Float64Array
  #count = 0

  constructor(capacity: number) {
    this.#ring = new Float64Array(capacity)
    this.#sorted = new Float64Array(capacity)
  }

  get size(): number {
    return Math.min(this.#count, this.#ring.length)
  }

  /** First position in sorted order whose value is not below the given one. */
  #place(value: number, size: number): number {
    let [low, high] = [0, size]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#sorted[middle]! < value) low = middle + 1
      else high = middle
    }
    return low
  }

  add(value: number): void {
    const { length } = this.#ring
    const at = this.#count % length
    let { size } = this
    if (this.#count >= length) {
      const gone = this.#place(this.#ring[at]!, size)
      this.#sorted.copyWithin(gone, gone + 1, size)
      size--
    }
    const place = this.#place(value, size)
    this.#sorted.copyWithin(place + 1, place, size)
    this.#sorted[place] = value
    this.#ring[at] = value
    this.#count++
  }

  /** Smallest number that is at least as large as a share `q` of the window; NaN if it is empty. */
  quantile(q: number): number {
    const { size } = this
    return size === 0
      ? Number.NaN
      : this.#sorted[Math.min(size - 1, Math.max(0, Math.ceil(q * size) - 1))]!
  }
}

/** The least of the last `length` numbers. */
export class SlidingMinimum {
  readonly #length: number
  /** Positions and values that may still be the minimum, in order. */
  readonly #places: Array<number> = []
  readonly #values: Array<number> = []
  #count = 0
  #head = 0

  constructor(length: number) {
    this.#length = length
  }

  add(value: number): void {
    while (this.#values.length > this.#head && this.#values.at(-1)! >= value) {
      this.#values.pop()
      this.#places.pop()
    }
    this.#values.push(value)
    this.#places.push(this.#count++)
    if (this.#places[this.#head]! <= this.#count - 1 - this.#length) this.#head++
    if (this.#head > this.#length) {
      this.#values.splice(0, this.#head)
      this.#places.splice(0, this.#head)
      this.#head = 0
    }
  }

  /** Infinite if there are none. */
  value(): number {
    return this.#values[this.#head] ?? Number.POSITIVE_INFINITY
  }
}
