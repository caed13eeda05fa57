/** One kind of work: a file here (ours), and a file of the same name with the ending `.py` (theirs). */

export type Parameters = Readonly<Record<string, number>>

/** What bounds a work: multiply-adds of either kind, reading what the caches nearly hold (32 MB), or reading memory. */
export type Limit = "float64" | "float32" | "reading" | "memory"

/** One size of the work. */
export type Case = Size & (SameResult | OwnResult)

interface Size {
  readonly name: string
  readonly parameters: Parameters
  /** Floating-point operations of a run, where a rate makes sense. */
  readonly operations?: number
  /** Bytes moved by a run, where that is the rate that counts. */
  readonly bytes?: number
  /** The ceiling that the rate is a share of. */
  readonly limit?: Limit
  /** The same work at other sizes, so that growth shows. */
  readonly family?: Family
  /** Takes a slow side ten seconds and more, once: done where it is asked for. */
  readonly isLong?: true
}

/** Which work a case is a size of. */
export interface Family {
  readonly work: string
  /** What the time grows with, such as rows. */
  readonly by: string
  readonly size: number
}

/** All compute the same: whoever does not is named and not timed. */
interface SameResult {
  /** Results agree when they differ by at most this times the largest magnitude of either. */
  readonly tolerance: number
}

/** Each answers in its own way: what it computes is how well, shown beside its time. */
interface OwnResult {
  /** What the numbers of a result are, in order, such as "held-out RMSE". */
  readonly figures: ReadonlyArray<string>
  /** The results that follow the figures are one a split of the data into rows to learn from and rows to judge by, the same for all. */
  readonly splits?: Splits
}

/** Splits that share rows. */
export interface Splits {
  readonly count: number
  /** The part of the rows to judge by. */
  readonly heldOut: number
  /** The 97.5 % point of Student's t with `count - 1` degrees of freedom. */
  readonly studentPoint: number
}

/** Prepared work: `run` does it once, `result` gives what it computed. */
export interface Work {
  readonly run: () => void | Promise<void>
  readonly result: () => ArrayLike<number> | Promise<ArrayLike<number>>
}

/** How many threads somebody has: one, or all of the machine. */
export type Threads = "one" | "all"

export interface Implementation {
  readonly name: string
  /** One unless it says otherwise. */
  readonly threads?: Threads
  /** Ours, or a peer that runs in JavaScript. */
  readonly own: boolean
  /** Undefined where it does not do this case. */
  readonly prepare: (parameters: Parameters) => Work | undefined
}

export interface Workload {
  readonly cases: ReadonlyArray<Case>
  readonly implementations: ReadonlyArray<Implementation>
  /** Peers that are not installed, and why. */
  readonly missing?: Readonly<Record<string, string>>
  readonly versions?: Readonly<Record<string, string>>
}
