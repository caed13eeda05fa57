/** A run that is interrupted and goes on is the run. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { momentum } from "@nonconvex/problems/Sgd"
import { batchDescent, type BatchSnapshot } from "../../descent/BatchDescent.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { expand, type Sizes } from "../support/Expand.ts"
import { derived } from "../support/Paper.ts"

interface Interrupted extends Sizes {
  readonly batchSize: number
  readonly before: number
  readonly after: number
}

/** What a break keeps of the state. */
export type Keep = (snapshot: BatchSnapshot) => BatchSnapshot

export const restart = law<Keep, Interrupted>({
  id: "catapults/restart",
  statement:
    "SGD with momentum on shuffled batches, interrupted after any step and resumed from its snapshot, goes on bit for bit.",
  source: derived("restart"),
  instances: Draw.record<Interrupted>({
    samples: Draw.integer(4, 12),
    inputs: Draw.integer(1, 5),
    width: Draw.integer(1, 16),
    batchSize: Draw.integer(1, 4),
    before: Draw.integer(1, 20),
    after: Draw.integer(1, 20),
    seed: Draw.seed(),
  }),
  margin: (keep, { after, batchSize, before, ...sizes }) => {
    const { architecture, features, seed, start, targets } = expand(sizes)
    const network = ntkNetwork({ architecture, features })
    const loss = meanSquared(targets)
    const run = (from?: BatchSnapshot) =>
      batchDescent(network, loss, start, {
        batchSize,
        update: momentum({ learningRate: 0.05 }),
        seed: seed.child("batches"),
        tolerance: 1e-12,
        ...(from === undefined ? {} : { from }),
      })
    const whole = run()
    for (let t = 0; t < before + after; t++) whole.step()
    const first = run()
    for (let t = 0; t < before; t++) first.step()
    const second = run(keep(first.snapshot()))
    for (let t = 0; t < after; t++) second.step()
    return Margin.holds(
      whole.parameters.every((value, i) => Object.is(value, second.parameters[i])),
    )
  },
  controls: [
    {
      name: "without the random numbers and the order",
      subject: () => (snapshot) => ({ ...snapshot, steps: 0 }),
    },
    {
      name: "without the velocity",
      subject: () => (snapshot) => ({
        ...snapshot,
        optimizer: {
          ...snapshot.optimizer,
          velocity: new Float64Array(snapshot.parameters.length),
        },
      }),
    },
  ],
})
