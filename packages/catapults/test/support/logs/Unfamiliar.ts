/**
 * Trainings of known cause that are unlike those that the numbers of the rules were first chosen on: other batches, faults that are
 * larger or longer, rates that are too large for a few steps or at each restart.
 */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Cause, Scenario } from "./Scenarios.ts"
import type { Kind } from "./Tasks.ts"
import type { Optimizer, Setting } from "./Training.ts"

const steps = 240
const networks: ReadonlyArray<Kind> = ["tanh", "relu", "convolution"]
const rates = { sgd: 0.2, momentum: 0.02, adam: 3e-3 } as const

const from = (at: number): ReadonlyArray<number> =>
  Array.from({ length: steps - at }, (_, k) => at + k)

/** The rate is multiplied from a step on, for `length` steps. */
const raisedFor = (at: number, length: number, by: number) => (step: number) =>
  step >= at && step < at + length ? by : 1

/** A cosine that starts again every 60 steps, the first time without the factor. */
const restarts = (by: number) => (step: number) =>
  (step < 60 ? 1 : by) * 0.5 * (1 + Math.cos((Math.PI * (step % 60)) / 60))

const stairs = (step: number) => (step < 100 ? 1 : step < 180 ? 0.1 : 0.01)

/** The scenarios of a seed. */
export const unfamiliar = (seed: number): ReadonlyArray<Scenario> => {
  const stream = RandomStream.make(Seed.root(seed).child("unfamiliar"))
  const between = (low: number, high: number) => low * (high / low) ** stream.uniform()
  const at = () => 60 + stream.integer(120)
  const made: Array<Scenario> = []
  for (const network of networks) {
    const isTanh = network === "tanh"
    const add = (
      name: string,
      cause: Cause,
      optimizer: Optimizer,
      more: Partial<Setting>,
      rate: number = rates[optimizer],
    ) => {
      const own = 1000 * seed + 500 + made.length
      const setting = { network, optimizer, rate, steps, seed: own, ...more }
      made.push({ name: `${name}, ${optimizer}, ${network}`, cause, setting })
    }
    for (const optimizer of ["sgd", "momentum", "adam"] as const) {
      const batch = () => (stream.uniform() < 0.5 ? 8 : 32)
      const far = () => {
        if (optimizer === "adam") return isTanh ? between(50, 200) : between(200, 800)
        return isTanh ? between(10, 25) : between(40, 120)
      }
      const corrupt = { kind: "scaled inputs", at: [at()], by: -between(15, 100) } as const
      add("a batch far off", "data", optimizer, { batch: batch(), fault: corrupt })
      const start = at()
      const three = { kind: "flipped labels", at: [start, start + 1, start + 2] } as const
      add("labels flipped for 3 steps", "data", optimizer, { batch: batch(), fault: three })
      const lasting = { kind: "flipped labels", at: from(at()) } as const
      add("labels flipped from a step on", "data", optimizer, { batch: batch(), fault: lasting })
      for (const length of [1, 4, steps]) {
        const schedule = raisedFor(at(), length, far())
        const name = `rate raised for ${length} steps`
        add(name, "instability", optimizer, { batch: batch(), schedule })
      }
      const high = { batch: batch(), schedule: restarts(far()) }
      add("restarts too high", "instability", optimizer, high)
      add("restarts", "quiet", optimizer, { batch: batch(), schedule: restarts(1) })
      add("stairs", "quiet", optimizer, { batch: batch(), schedule: stairs })
    }
    add("full batch", "quiet", "momentum", {}, between(0.1, 0.5))
    add("full batch", "quiet", "adam", {}, between(5e-3, 3e-2))
    add("full batch, far", "instability", "adam", {}, isTanh ? between(0.3, 1) : between(1, 4))
    const raise = raisedFor(at(), steps, isTanh ? between(40, 100) : between(200, 600))
    add("full batch, raised", "instability", "momentum", { schedule: raise }, 0.05)
    const once = { kind: "flipped labels", at: [at()] } as const
    add("full batch, labels flipped once", "data", "sgd", { fault: once })
    const other = { kind: "flipped labels", at: from(at()) } as const
    add("full batch, labels flipped from a step on", "data", "sgd", { fault: other })
  }
  return made
}
