/** An estimate of a trace with its error bar, and the means from which it is made. */

export interface TraceEstimate {
  readonly estimate: number
  /** One standard deviation of the estimate, from the spread of the samples; Infinity for a single sample. */
  readonly standardError: number
  /** Random vectors used. */
  readonly probes: number
  /** Products with the operator. */
  readonly products: number
}

/** Estimate that continued until its error bar was small enough; "budget" if the products ran out first. */
export interface StoppedTraceEstimate extends TraceEstimate {
  readonly status: "converged" | "budget"
}

/** Mean and standard error of the mean of samples that arrive one by one (Welford 1962). */
export class Spread {
  count = 0
  mean = 0
  #squares = 0

  add(sample: number): void {
    this.count++
    const delta = sample - this.mean
    this.mean += delta / this.count
    this.#squares += delta * (sample - this.mean)
  }

  get standardError(): number {
    if (this.count < 2) return Infinity
    return Math.sqrt(this.#squares / (this.count - 1) / this.count)
  }
}

export interface Stop {
  /** Stop when the standard error is at most this, in units of the trace. */
  readonly errorBar: number
  /** Products allowed. */
  readonly maxProducts: number
}

/**
 * Repeats an estimate with more products, from `first` on by a factor of 3/2. It ends when the error bar is small enough or
 * `maxProducts` allows no improvement. `estimate(p)` spends at most p products and reports all spent so far.
 *
 * Stopping at a small observed error makes the final error bar optimistic by some percent if the number of samples is small.
 */
export const until = (
  stop: Stop,
  first: number,
  estimate: (products: number) => TraceEstimate,
): StoppedTraceEstimate => {
  let size = Math.min(first, stop.maxProducts)
  for (;;) {
    const result = estimate(size)
    if (result.standardError <= stop.errorBar) return { ...result, status: "converged" }
    const next = Math.min(Math.ceil(size * 1.5), stop.maxProducts - result.products)
    if (next <= size) return { ...result, status: "budget" }
    size = next
  }
}
