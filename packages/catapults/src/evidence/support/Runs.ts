/** The runs of an experiment: each value of one setting, with each seed. */
import { advance } from "@nonconvex/problems/Advance"
import { Count } from "@nonconvex/problems/Fields"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { Schema } from "effect"
import type { Model, Training } from "../../network/Model.ts"

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

/** Runs a method from a start to its end. */
export const finish = <State extends MethodState & { readonly outcome: string }, M extends Model>(
  method: Method<State, Training<M>>,
  training: Training<M>,
  start: Float64Array,
): State => {
  const run = method.init(training, start)
  const { kernels } = training.model
  while (run.outcome === "running") advance(method, [run], 1000, { kernels })
  return run
}
