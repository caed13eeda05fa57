/** Trainings of known cause: what was done to each is written here, and a seed draws the rest. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Fault, Optimizer, Setting } from "./Training.ts"
import type { Kind } from "./Tasks.ts"

/** What was done: nothing, a learning rate above the stability limit, a bad batch, or a number that is none. */
export type Cause = "quiet" | "instability" | "data" | "numbers"

export interface Scenario {
  readonly name: string
  readonly cause: Cause
  readonly setting: Setting
}

const networks: ReadonlyArray<Kind> = ["tanh", "relu", "convolution"]

/** From the step on the rate is multiplied. */
const raisedAt = (at: number, by: number) => (step: number) => (step < at ? 1 : by)

const warmUpAndCosine = (steps: number) => (step: number) =>
  step < 20 ? (step + 1) / 20 : 0.5 * (1 + Math.cos((Math.PI * (step - 20)) / (steps - 20)))

/** The scenarios of a seed, each with numbers of its own. */
export const scenarios = (seed: number): ReadonlyArray<Scenario> => {
  const stream = RandomStream.make(Seed.root(seed).child("scenarios"))
  const between = (low: number, high: number) => low * (high / low) ** stream.uniform()
  const at = () => 100 + stream.integer(80)
  const steps = 240
  const made: Array<Scenario> = []
  const add = (
    name: string,
    cause: Cause,
    network: Kind,
    optimizer: Optimizer,
    rate: number,
    more: Partial<Setting> = {},
  ) => {
    const setting = { network, optimizer, rate, steps, seed: 1000 * seed + made.length, ...more }
    made.push({ name: `${name}, ${network}`, cause, setting })
  }
  const batch = 16
  for (const network of networks) {
    const isTanh = network === "tanh"
    add("full batch", "quiet", network, "sgd", between(0.2, 0.8))
    add("full batch, momentum", "quiet", network, "momentum", between(0.02, 0.1))
    add("full batch, Adam", "quiet", network, "adam", between(1e-3, 1e-2))
    add("batches", "quiet", network, "sgd", between(0.1, 0.3), { batch })
    add("batches, momentum", "quiet", network, "momentum", between(0.01, 0.03), { batch })
    add("batches, Adam", "quiet", network, "adam", between(1e-3, 5e-3), { batch })
    const schedule = warmUpAndCosine(steps)
    add("batches, schedule", "quiet", network, "sgd", between(0.1, 0.3), { batch, schedule })

    const far = isTanh ? between(4, 12) : between(30, 100)
    add("full batch, far too large", "instability", network, "sgd", far)
    const raise = { schedule: raisedAt(at(), isTanh ? between(6, 10) : between(40, 100)) }
    add("full batch, raised", "instability", network, "sgd", 0.5, raise)
    add(
      "full batch, momentum, too large",
      "instability",
      network,
      "momentum",
      isTanh ? between(1.5, 4) : between(6, 20),
    )
    const raiseOfAdam = { schedule: raisedAt(at(), isTanh ? between(50, 200) : between(200, 800)) }
    add("full batch, Adam, raised", "instability", network, "adam", 3e-3, raiseOfAdam)
    const raiseOfBatches = {
      batch,
      schedule: raisedAt(at(), isTanh ? between(10, 25) : between(40, 120)),
    }
    add("batches, raised", "instability", network, "sgd", 0.2, raiseOfBatches)

    const scaled = (by: number): Fault => ({ kind: "scaled inputs", at: [at()], by })
    const flipped = (): Fault => ({ kind: "flipped labels", at: [at()] })
    const ofScale = -10
    add("batches, a corrupt one", "data", network, "sgd", 0.2, {
      batch,
      fault: isTanh ? flipped() : scaled(ofScale),
    })
    add("batches, flipped labels", "data", network, "sgd", 0.2, { batch, fault: flipped() })
    add("batches, momentum, flipped labels", "data", network, "momentum", 0.02, {
      batch,
      fault: flipped(),
    })
    add("batches, Adam, flipped labels", "data", network, "adam", 3e-3, { batch, fault: flipped() })
    add("batches, Adam, a corrupt one", "data", network, "adam", 3e-3, {
      batch,
      fault: isTanh ? flipped() : scaled(ofScale),
    })

    const from = at()
    const fromThenOn = Array.from({ length: steps - from }, (_, k) => from + k)
    const lasting: Fault = { kind: "flipped labels", at: fromThenOn }
    add("batches, labels flipped from a step on", "data", network, "sgd", 0.2, {
      batch,
      fault: lasting,
    })

    const lost = (): Fault => ({ kind: "not a number", at: at() })
    add("full batch, not a number", "numbers", network, "sgd", 0.2, { fault: lost() })
    add("batches, Adam, not a number", "numbers", network, "adam", 3e-3, { batch, fault: lost() })
  }
  // last, so that those above stay what they were
  for (const network of networks) {
    for (const few of [1, 2, 4]) {
      // in proportion to the batch, as small batches need
      const rate = (between(0.1, 0.3) * few) / batch
      add(`batches of ${few}`, "quiet", network, "sgd", rate, { batch: few })
      add(`batches of ${few}, Adam`, "quiet", network, "adam", between(1e-3, 3e-3), { batch: few })
    }
  }
  return made
}
