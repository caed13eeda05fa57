/** The runs of an experiment: each value of one setting, with each seed. */
import { Count } from "@nonconvex/problems/Fields"
import { Schema } from "effect"

/** `seeds` seeds from `firstSeed` on. */
export const seedFields = {
  firstSeed: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  seeds: Count,
}

/** The sizes of a product task: see `productTask`. */
export const taskFields = { inputs: Count, width: Count, samples: Count }

/** All runs, in order. */
export const runsOf = <Value>(
  values: ReadonlyArray<Value>,
  { firstSeed, seeds }: Readonly<Record<keyof typeof seedFields, number>>,
) =>
  values.flatMap((value) =>
    Array.from({ length: seeds }, (_, k) => ({ value, seed: firstSeed + k })),
  )

interface Stepped {
  readonly step: () => unknown
  /** Many steps, where they may take less time together. */
  readonly advance?: (count: number) => unknown
  readonly state: { readonly outcome: string }
}

/** Steps until the run is over. */
export const finish = <Run extends Stepped>(run: Run): Run => {
  while (run.state.outcome === "running") {
    if (run.advance === undefined) run.step()
    else run.advance(1000)
  }
  return run
}
