/**
 * Batches of a finite sum: the samples of the next step. A sampler is plain data, so an interrupted run continues with the
 * same batches.
 */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"

/**
 * Sampling rule of batches.
 *
 * - "whole": all samples at every step, in order.
 * - "replacement": each index is uniform and independent.
 * - "epochs": the samples are shuffled at the start of every epoch, and an incomplete last batch is dropped.
 * - "passes": the samples are shuffled whenever all have been used, and a batch may extend from one pass into the next.
 */
type Rule = "whole" | "replacement" | "epochs" | "passes"

/** The current batch and all that decides the next ones. */
export interface Sampler {
  readonly rule: Rule
  /** Number of samples. */
  readonly size: number
  /** Current batch, in the order of summation; 0, 1, 2, ... before the first `next`. */
  readonly indices: Uint32Array
  /** Samples in the order of the current epoch or pass; empty for the other rules. */
  readonly order: Uint32Array
  /** Number of samples of `order` already seen. */
  place: number
  readonly stream: RandomStream.RandomStream
}

/** Options of `make`; a whole batch needs no size and draws nothing. */
type Options =
  | { readonly rule: "whole" }
  | { readonly rule: Exclude<Rule, "whole">; readonly batch: number; readonly seed: Seed.Seed }

/** The indices 0 to `count` - 1. */
const ascending = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i)

/**
 * Sampler of `size` samples, before its first draw. An epoch with fewer samples than a batch is one batch with all of them.
 *
 * Throws InvalidInput unless `size` and `batch` are positive integers.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Sampler from "@nonconvex/problems/Sampler"
 * import * as Seed from "@nonconvex/numerics/Seed"
 *
 * const sampler = Sampler.make(5, { rule: "epochs", batch: 2, seed: Seed.root(1) })
 * const seen = [...Sampler.next(sampler), ...Sampler.next(sampler)]
 * new Set(seen).size // => 4
 * ```
 */
export const make = (size: number, options: Options): Sampler => {
  Require.count("Sampler.make", "size", size)
  const isWhole = options.rule === "whole"
  if (!isWhole) Require.count("Sampler.make", "batch", options.batch)
  const isOrdered = options.rule === "epochs" || options.rule === "passes"
  const batch = isWhole ? size : options.batch
  return {
    rule: options.rule,
    size,
    indices: ascending(options.rule === "epochs" ? Math.min(batch, size) : batch),
    order: ascending(isOrdered ? size : 0),
    place: size,
    stream: RandomStream.make(isWhole ? Seed.root(0) : options.seed),
  }
}

/**
 * Draws the next batch and returns it; it is `sampler.indices`, which the call after this one overwrites. Allocates nothing.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Seed } from "@nonconvex/numerics"
 * import * as Sampler from "@nonconvex/problems/Sampler"
 *
 * const sampler = Sampler.make(3, { rule: "passes", batch: 2, seed: Seed.root(1) })
 * const seen = [0, 1, 2].flatMap(() => [...Sampler.next(sampler)])
 * // three batches of two are two passes over three samples
 * seen.sort() // => [0, 0, 1, 1, 2, 2]
 * ```
 */
export const next = (sampler: Sampler): Uint32Array => {
  const { indices, order, rule, size, stream } = sampler
  if (rule === "replacement") {
    for (let k = 0; k < indices.length; k++) indices[k] = stream.integer(size)
    return indices
  }
  if (rule === "whole") return indices
  if (rule === "epochs" && sampler.place + indices.length > size) startAgain(sampler)
  for (let k = 0; k < indices.length; k++) {
    if (sampler.place === size) startAgain(sampler)
    indices[k] = order[sampler.place]!
    sampler.place++
  }
  return indices
}

const startAgain = (sampler: Sampler): void => {
  sampler.stream.shuffle(sampler.order)
  sampler.place = 0
}
