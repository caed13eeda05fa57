/** Orthonormal basis built by Lanczos, in the memory of the kernels, and the operator projected on it. */
import type { Workspace } from "../Workspace.ts"
import * as Kernels from "../Kernels.ts"
import type { Operator } from "../Operator.ts"
import type { RandomStream } from "../RandomStream.ts"
import * as Vector from "../Vector.ts"

/** Against the largest |A v| so far, a remainder this small is rounding: the space is invariant. */
const breakdown = 2 ** -50

/** A second pass of orthogonalisation is due where one took away more than half (Daniel, Gragg, Kaufman and Stewart 1976). */
const passAgainBelow = 0.5

export class KrylovBasis {
  /** Number of vectors in the projection; one more waits for its product. */
  length = 0
  /** The largest |A v| so far. */
  largest = 0
  readonly #kernels: Kernels.Kernels
  readonly #n: number
  readonly #size: number
  /** Rows of this block are the basis; the other block receives the next one at a restart. */
  #block: Float64Array
  #other: Float64Array
  #rows: ReadonlyArray<Float64Array>
  #otherRows: ReadonlyArray<Float64Array>
  readonly #coefficients: Float64Array
  /**
   * Lower triangle, row stride `size`: the diagonal, and couplings to the previous vector or, after a restart, to all
   * previous ones.
   */
  readonly #projected: Float64Array
  #stream: RandomStream | undefined
  #kept = 0
  #beta = 0

  constructor(kernels: Kernels.Kernels, space: Workspace, n: number, size: number) {
    const block = () => space.f64((size + 1) * n)
    const rows = (of: Float64Array) =>
      Array.from({ length: size + 1 }, (_, i) => of.subarray(i * n, (i + 1) * n))
    this.#kernels = kernels
    this.#n = n
    this.#size = size
    this.#block = block()
    this.#other = block()
    this.#rows = rows(this.#block)
    this.#otherRows = rows(this.#other)
    this.#coefficients = space.f64(size)
    this.#projected = new Float64Array(size * size)
  }

  /** Starts at the direction of `start`, or at a random one where that is zero or not finite. */
  begin(start: Float64Array, stream: RandomStream): void {
    const first = this.#rows[0]!
    this.#stream = stream
    first.set(start)
    const length = Vector.normalise(first)
    if (!(length > 0 && length < Infinity)) stream.fillSphere(first)
  }

  /**
   * One product with the operator. Extends the projection, and extends the basis by the component of the product orthogonal
   * to it. Returns the norm of that component. If the basis is invariant it returns 0, after adding a fresh random direction
   * (none if the space is full). Returns NaN or Infinity if the product is not finite.
   */
  extend(operator: Operator): number {
    const j = this.length
    const v = this.#rows[j]!
    const w = this.#rows[j + 1]!
    operator(v, w)
    const before = Vector.norm(w)
    if (!(before < Infinity)) return before
    this.largest = Math.max(this.largest, before)
    // First what the recurrence says is there, then all that rounding left: one full pass does the work of two.
    const known = this.#projected.subarray(j * this.#size, j * this.#size + j)
    if (j === this.#kept) {
      for (let i = 0; i < j; i++) Vector.axpy(-known[i]!, this.#rows[i]!, w)
    } else {
      Vector.axpy(-known[j - 1]!, this.#rows[j - 1]!, w)
    }
    let alpha = Vector.dot(v, w)
    Vector.axpy(-alpha, v, w)
    const recurred = Vector.norm(w)
    alpha += this.#removeBasis(j + 1, w)
    let beta = Vector.norm(w)
    if (beta < passAgainBelow * recurred) {
      alpha += this.#removeBasis(j + 1, w)
      beta = Vector.norm(w)
    }
    this.#projected[j * this.#size + j] = alpha
    this.length = j + 1
    if (beta <= this.largest * breakdown) {
      beta = 0
      if (j + 1 < this.#n) this.#freshDirection(j + 1, w)
    } else {
      Vector.normalise(w)
    }
    if (j + 1 < this.#size) this.#projected[(j + 1) * this.#size + j] = beta
    this.#beta = beta
    return beta
  }

  /** The projected operator, symmetric, row-major. */
  projection(): Float64Array {
    const j = this.length
    const small = new Float64Array(j * j)
    for (let r = 0; r < j; r++) {
      small.set(this.#projected.subarray(r * this.#size, r * this.#size + r + 1), r * j)
    }
    return small
  }

  /** Fresh vectors, one after the other: combinations of the basis with the chosen vectors of the projection. */
  combine(vectors: Float64Array, chosen: ReadonlyArray<number>): Float64Array {
    const out = new Float64Array(chosen.length * this.#n)
    this.#combineInto(vectors, chosen, out)
    return out
  }

  /** Continues from the chosen Ritz vectors and the waiting vector. */
  restart(values: Float64Array, vectors: Float64Array, chosen: ReadonlyArray<number>): void {
    const j = this.length
    const kept = chosen.length
    this.#combineInto(vectors, chosen, this.#other.subarray(0, kept * this.#n))
    this.#otherRows[kept]!.set(this.#rows[j]!)
    ;[this.#block, this.#other] = [this.#other, this.#block]
    ;[this.#rows, this.#otherRows] = [this.#otherRows, this.#rows]
    this.#projected.fill(0)
    chosen.forEach((from, to) => {
      this.#projected[to * this.#size + to] = values[from]!
      this.#projected[kept * this.#size + to] = this.#beta * vectors[from * j + j - 1]!
    })
    this.#kept = kept
    this.length = kept
  }

  #combineInto(vectors: Float64Array, chosen: ReadonlyArray<number>, out: Float64Array): void {
    const j = this.length
    const small = new Float64Array(chosen.length * j)
    chosen.forEach((from, to) => small.set(vectors.subarray(from * j, (from + 1) * j), to * j))
    const basis = this.#block.subarray(0, j * this.#n)
    this.#kernels.gemm(false, false, chosen.length, this.#n, j, 1, small, basis, 0, out)
  }

  /** Orthogonalises w against the first `count` directions; returns its component along the last of them. */
  #removeBasis(count: number, w: Float64Array): number {
    const basis = this.#block.subarray(0, count * this.#n)
    const coefficients = this.#coefficients.subarray(0, count)
    this.#kernels.gemv(false, count, this.#n, 1, basis, w, 0, coefficients)
    this.#kernels.gemv(true, count, this.#n, -1, basis, coefficients, 1, w)
    return coefficients[count - 1]!
  }

  #freshDirection(count: number, w: Float64Array): void {
    let length = 0
    while (length < 1e-8) {
      this.#stream!.fillSphere(w)
      this.#removeBasis(count, w)
      length = Vector.norm(w)
    }
    Vector.normalise(w)
    this.#removeBasis(count, w)
    Vector.normalise(w)
  }
}

/** Bytes of arena for a basis and for copies by the kernels: small matrices, and combinations outside the arena. */
export const bytes = (n: number, size: number): number => 8 * (3 * (size + 1) * n + 4 * size * size)

/**
 * Runs `use` with a basis of up to `size` vectors, in the arena if it has room, otherwise in a separate memory. Throws
 * ArenaFull.
 */
export const using = <A>(
  kernels: Kernels.Kernels,
  n: number,
  size: number,
  use: (basis: KrylovBasis) => A,
): A => {
  const own = Kernels.withRoom(kernels, bytes(n, size))
  return own.arena.scoped((space) => use(new KrylovBasis(own, space, n, size)))
}
