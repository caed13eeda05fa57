import { Draw } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { runLabelNoise, stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import { type Expanded, randomNetwork } from "./RandomNetwork.ts"

export const runs = Draw.record({
  problem: randomNetwork(),
  sampling: Draw.oneOf("full", "replacement", "epoch"),
  convention: Draw.oneOf("half", "mean"),
  /** Learning rate relative to the stability limit. */
  share: Draw.logarithmic(0.5, 0.05),
})

export const after = (
  { network, theta }: Expanded,
  { convention, problem, sampling, share }: Draw.Drawn<typeof runs>,
  noise: number,
): Float64Array =>
  runLabelNoise(network, theta, {
    convention,
    sampling,
    noise,
    learningRate: share * stabilityLimit(network, theta, { convention, sampling }),
    batch: sampling === "full" ? network.size : 1,
    seed: Seed.root(problem.seed),
    steps: 100,
  })
