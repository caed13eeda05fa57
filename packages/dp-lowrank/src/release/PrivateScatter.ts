/**
 * Scatter matrix sum (x - c)(x - c)^T of private rows, accumulated without rounding, so that its sensitivity is exactly that
 * of the theory.
 *
 * Rows are clipped and rounded to integers (`Clipping.quantise`). Products are summed while partial sums stay below 2^53,
 * and those sums in two limbs. Sums are exact in any order and on any float64 kernels: permuting or splitting the rows
 * changes no bit. The sum cannot be read or printed: only a release returns it, with noise.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid, InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Clipping from "./Clipping.ts"
import type { Bound, Centre, Scale } from "../privacy/Public.ts"
import { mostRows, requireDimension } from "../privacy/Target.ts"

const limb = 2 ** 30
/** Rows per block; a larger block would not fit in the caches. */
const mostRowsAtOnce = 512
/** Rows whose products are summed before they are added to the limbs: a square is at most 2^40, and a sum at most 2^52. */
const mostRowsTogether = 2 ** 12
/** Numbers in a block of rows and in a strip of the product, at most: 8 MiB each. */
const mostAtOnce = 2 ** 20

/** Rows that cannot be used. The message does not quote them, since it would not be private. */
export const unusableRows = (operation: string): never => {
  throw new InvalidInput({
    operation,
    requirement: "rows must be finite numbers, whole rows, and no more than 2^24 of them",
    numbers: {},
  })
}

/** Public options of a sum. */
export interface Options {
  /** Numbers in a row, from 1 to 8192. */
  readonly dimension: number
  /** The Euclidean norm to which rows are clipped, in their units, or in those of the scales. */
  readonly bound: Bound
  /** Constant subtracted from every row before clipping, in the units of the rows; default 0. */
  readonly centre?: Centre
  /** Numbers by which the columns are divided before clipping; default 1. The sum is that of the divided rows. */
  readonly scale?: Scale
  /** Kernels for the products; the result is the same on all, bit for bit. */
  readonly kernels?: Kernels.Kernels
}

/** Buffers of a block of rows, independent of its content. */
interface Work {
  /** Rows of a block in the memory of the kernels. */
  readonly rowsAtOnce: number
  readonly columnsAtOnce: number
  /** Rows of small tables, which wait for more: some rows x dimension. */
  readonly waiting: Float64Array
  /** Block of columns, if not all are multiplied at once: `rowsAtOnce` x `columnsAtOnce`. */
  readonly strip: Float64Array
  /** Sums of their products with all columns: `columnsAtOnce` x dimension. */
  readonly product: Float64Array
}

const workFor = (dimension: number): Work => {
  const most = Math.floor(mostAtOnce / dimension)
  const rowsAtOnce = Math.min(mostRowsAtOnce, most)
  const columnsAtOnce = Math.min(dimension, most)
  return {
    rowsAtOnce,
    columnsAtOnce,
    // as much memory as few columns need to be multiplied well, since it is cleared for every sum
    waiting: new Float64Array(Math.min(rowsAtOnce, Math.max(32, 2 * dimension)) * dimension),
    strip: new Float64Array(columnsAtOnce < dimension ? rowsAtOnce * columnsAtOnce : 0),
    product: new Float64Array(columnsAtOnce * dimension),
  }
}

/** Kernels with room for the arrays of a block. */
const kernelsFor = (
  dimension: number,
  { product, rowsAtOnce, strip }: Work,
  kernels: Kernels.Kernels,
): Kernels.Kernels => {
  const block = 8 * rowsAtOnce * dimension
  return Kernels.withRoom(
    kernels,
    2 * block + Math.max(strip.byteLength, block) + product.byteLength,
  )
}

/**
 * Rows in units of the scales, in place. A quotient beyond float64 is its largest number, since an infinite one would be an
 * error that depends on the rows.
 */
const divided = (rows: Float64Array, scale: Float64Array | undefined): Float64Array => {
  if (scale === undefined) return rows
  const { length: d } = scale
  for (let at = 0; at < rows.length; at++) {
    const value = rows[at]! / scale[at % d]!
    rows[at] = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value))
  }
  return rows
}

/** Access to the secret content, for the release and its tests; the package does not export it. */
export let reveal: (scatter: PrivateScatter) => Revealed

/** Sum of private rows, from which a release is made. */
export class PrivateScatter {
  readonly dimension: number
  readonly bound: Bound
  /** In units of the scales. */
  readonly #centre: Float64Array
  readonly #scale: Float64Array | undefined
  readonly #grid: Clipping.RowGrid
  readonly #kernels: Kernels.Kernels
  readonly #high: Float64Array
  readonly #low: Float64Array
  readonly #work: Work
  /** Rows whose products have not been computed yet. */
  #waiting = 0
  /** Rows whose products are summed but not yet in the limbs. */
  #together = 0
  #rows = 0
  #clipped = 0

  private constructor(options: Options) {
    const { bound, centre, dimension, kernels = Kernels.standard(), scale } = options
    this.dimension = dimension
    this.bound = bound
    this.#scale = scale?.slice()
    this.#centre = divided(centre?.slice() ?? new Float64Array(dimension), this.#scale)
    this.#grid = Clipping.rowGrid(bound)
    this.#work = workFor(dimension)
    this.#kernels = kernelsFor(dimension, this.#work, kernels)
    this.#high = new Float64Array(dimension * dimension)
    this.#low = new Float64Array(dimension * dimension)
  }

  /**
   * Empty sum that allocates all its memory at once, so that an allocation failure reveals nothing about the number of rows.
   * Throws InvalidInput on a dimension outside of 1..8192, and on a centre or scales of another length.
   */
  static make(options: Options): PrivateScatter {
    const { centre, dimension, scale } = options
    requireDimension("PrivateScatter.make", dimension)
    if (scale !== undefined) Require.array("PrivateScatter.make", "scale", scale, dimension)
    if (centre !== undefined) {
      Require.array("PrivateScatter.make", "centre", centre, dimension)
    }
    return new PrivateScatter(options)
  }

  /**
   * Adds the rows of a row-major matrix, each clipped to the bound around the centre. Throws InvalidInput, with one message
   * for all cases, on non-finite numbers, an incomplete row, and more than 2^24 rows. In that case no row is added.
   */
  add(given: Float64Array): void {
    const { dimension: d } = this
    const count = given.length / d
    if (!Number.isInteger(count) || this.#rows + count > mostRows) {
      unusableRows("PrivateScatter.add")
    }
    const { areFinite = Vector.isFinite } = this.#kernels
    if (!areFinite(given)) unusableRows("PrivateScatter.add")
    const rows = this.#scale === undefined ? given : divided(given.slice(), this.#scale)
    const { rowsAtOnce, waiting } = this.#work
    const rest = count % rowsAtOnce
    const last = rest * d <= waiting.length ? rest : 0
    const whole = rows.length - last * d
    if (whole > 0) this.#addBlocks(rows.subarray(0, whole))
    if (last > 0) this.#wait(rows.subarray(whole))
    this.#rows += count
  }

  /**
   * Adds the sum of further rows, such as those of another machine; the result equals that of adding all rows here, bit for
   * bit. Merging a sum twice counts its rows twice, which the guarantee does not cover. Throws InvalidInput, also on a merge
   * with itself.
   */
  merge(other: PrivateScatter): void {
    if (other === this) {
      invalid(
        "PrivateScatter.merge",
        "a sum cannot be merged with itself: each row counts once",
        {},
      )
    }
    const isAlike =
      other.dimension === this.dimension &&
      other.bound === this.bound &&
      other.#centre.every((value, i) => value === this.#centre[i]) &&
      this.#centre.every((_, i) => (other.#scale?.[i] ?? 1) === (this.#scale?.[i] ?? 1))
    if (!isAlike) {
      invalid(
        "PrivateScatter.merge",
        "both sums must have the same dimension, bound, centre and scales",
        {
          dimension: this.dimension,
          other: other.dimension,
        },
      )
    }
    if (this.#rows + other.#rows > mostRows) unusableRows("PrivateScatter.merge")
    this.#finish()
    other.#finish()
    for (let i = 0; i < this.#high.length; i++) this.#high[i] = this.#high[i]! + other.#high[i]!
    this.#carry(other.#low, 0)
    this.#rows += other.#rows
    this.#clipped += other.#clipped
  }

  #quantise(rows: Float64Array, out: Float64Array): void {
    this.#clipped += Clipping.quantise(rows, this.#grid, this.#centre, out, this.#kernels)
  }

  /** Adds rows in blocks, in the memory of the kernels: their products need no copies there. */
  #addBlocks(rows: Float64Array): void {
    this.#kernels.arena.scoped((workspace) => {
      const size = Math.min(this.#work.rowsAtOnce * this.dimension, rows.length)
      const block = workspace.f64(size)
      for (let from = 0; from < rows.length; from += size) {
        const some = rows.subarray(from, from + size)
        const used = block.subarray(0, some.length)
        this.#quantise(some, used)
        this.#multiply(used)
      }
    })
  }

  /** Buffers rows, after adding earlier ones if the buffer is full. */
  #wait(rows: Float64Array): void {
    const { waiting } = this.#work
    if (this.#waiting * this.dimension + rows.length > waiting.length) this.#flush()
    const from = this.#waiting * this.dimension
    this.#quantise(rows, waiting.subarray(from, from + rows.length))
    this.#waiting += rows.length / this.dimension
  }

  /** Adds the products of the rows that wait. */
  #flush(): void {
    if (this.#waiting === 0) return
    this.#multiply(this.#work.waiting.subarray(0, this.#waiting * this.dimension))
    this.#waiting = 0
  }

  /** Adds the products of rows on the grid; wide rows are added by strips of the matrix. */
  #multiply(used: Float64Array): void {
    const { dimension: d } = this
    const { columnsAtOnce, product } = this.#work
    const size = used.length / d
    if (columnsAtOnce === d) {
      if (this.#together + size > mostRowsTogether) this.#settle()
      this.#kernels.syrk(true, d, size, 1, used, this.#together === 0 ? 0 : 1, product)
      this.#together += size
      return
    }
    for (let first = 0; first < d; first += columnsAtOnce) {
      const width = Math.min(columnsAtOnce, d - first)
      const sum = product.subarray(0, width * d)
      const left = this.#columns(used, first, width, size)
      this.#kernels.gemm(true, false, width, d, size, 1, left, used, 0, sum)
      this.#carry(sum, first * d)
    }
  }

  /** Adds the summed products in limbs. */
  #settle(): void {
    if (this.#together === 0) return
    this.#carry(this.#work.product, 0)
    this.#together = 0
  }

  /** Brings all rows into the limbs. */
  #finish(): void {
    this.#flush()
    this.#settle()
  }

  /** Some columns of rows. */
  #columns(used: Float64Array, first: number, width: number, size: number): Float64Array {
    const { dimension: d } = this
    const { strip } = this.#work
    for (let i = 0; i < size; i++) {
      strip.set(used.subarray(i * d + first, i * d + first + width), i * width)
    }
    return strip.subarray(0, size * width)
  }

  /** Adds integers of at most 2^52 to the entries from `first` on, and keeps 0 <= low < 2^30, so that equal sums have equal limbs. */
  #carry(sums: Float64Array, first: number): void {
    const [high, low] = [this.#high, this.#low]
    for (let k = 0, i = first; k < sums.length; k++, i++) {
      const sum = low[i]! + sums[k]!
      const carry = Math.floor(sum / limb)
      high[i] = high[i]! + carry
      low[i] = sum - carry * limb
    }
  }

  static {
    reveal = (scatter) => {
      scatter.#finish()
      return {
        rows: scatter.#rows,
        clipped: scatter.#clipped,
        exponent: 2 * scatter.#grid.exponent,
        high: scatter.#high,
        low: scatter.#low,
      }
    }
  }
}

/** Content of a sum. */
export interface Revealed {
  readonly rows: number
  readonly clipped: number
  /** Entry i of the matrix is (high_i 2^30 + low_i) 2^exponent. */
  readonly exponent: number
  readonly high: Float64Array
  readonly low: Float64Array
}

/** Rounds entries to the nearest multiple of 2^exponent, in units of it, with ties up; for exponents above that of the sum. */
export const rounding = (sum: Revealed, exponent: number): ((i: number) => number) => {
  const shift = exponent - sum.exponent
  const { high, low } = sum
  if (shift <= 30) {
    const limbs = Elementary.powerOfTwo(30 - shift)
    const units = Elementary.powerOfTwo(-shift)
    return (i) => high[i]! * limbs + Math.floor(low[i]! * units + 0.5)
  }
  const half = 1n << BigInt(shift - 1)
  return (i) => {
    const total = BigInt(high[i]!) * BigInt(limb) + BigInt(low[i]!)
    return Number((total + half) >> BigInt(shift))
  }
}

/** Entry `i` rounded so. */
export const rounded = (sum: Revealed, i: number, exponent: number): number =>
  rounding(sum, exponent)(i)
