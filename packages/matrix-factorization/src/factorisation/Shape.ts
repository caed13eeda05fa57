/** The sizes of the layers of `M = W_L ... W_1`. */
export interface Shape {
  /** d_0, d_1, ..., d_L: the columns of M, the hidden widths, the rows of M. */
  readonly widths: ReadonlyArray<number>
  /** L, the number of layers: at least 2. */
  readonly depth: number
  /** d_L and d_0: the size of M. */
  readonly rows: number
  readonly columns: number
  /** Number of parameters of all layers together. */
  readonly dimension: number
  /** Layer j, from 1, begins at `offsets[j - 1]`. */
  readonly offsets: ReadonlyArray<number>
}
