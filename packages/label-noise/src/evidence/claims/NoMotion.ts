/** Where label noise does nothing: without noise, and for activations outside the theory. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Activation from "../../network/Activation.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { runLabelNoise, stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Expanded, problems, randomNetwork } from "../support/RandomNetwork.ts"

const runs = Draw.record({
  problem: randomNetwork(),
  sampling: Draw.oneOf("full", "replacement", "epoch"),
  convention: Draw.oneOf("half", "mean"),
  /** Learning rate over the stability limit. */
  share: Draw.logarithmic(0.5, 0.05),
})

const after = (
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

export const silence = claim({
  id: "label-noise/no-noise-no-motion",
  statement: "Without label noise a network that fits its labels stays as it is.",
  inFloatingPoint: "run",
  source: derived("stochastic gradient descent at a minimum"),
  instances: runs,
  value: 0,
  margin: ({ instance: run, kernels, value: noise }) => {
    const expanded = expand(run.problem, { kernels })
    const moved = Vector.distance(after(expanded, run, noise), expanded.theta)
    return Margin.equal(moved, 0, { absolute: 1e-13 })
  },
  controls: [{ name: "noise of 0.001", value: 0.001 }],
})

export const linearNeuronsStayApart = claim({
  id: "label-noise/linear-neurons-stay-apart",
  statement:
    "With the activation z the sharpness is constant and label noise moves all neurons alike, so that they never collapse.",
  inFloatingPoint: "run",
  source: derived("control: third derivative 0"),
  instances: runs,
  value: Activation.identity,
  margin: ({ instance: run, kernels, value: activation }) => {
    const expanded = expand(run.problem, { kernels }, activation)
    const { network, theta } = expanded
    const moved = after(expanded, run, 0.01)
    const d = network.dimension
    const change = moved.map((value, k) => value - theta[k]! - (moved[k % d]! - theta[k % d]!))
    const geometry = new Geometry(network)
    const before = geometry.atParameters(theta).sharpness
    return Margin.all(
      Margin.equal(Vector.norm(change), 0, { absolute: 1e-11 * (1 + Vector.norm(theta)) }),
      Margin.equal(geometry.atParameters(moved).sharpness, before, { relative: 1e-12 }),
    )
  },
  controls: [{ name: "an activation of the theory", value: undefined }],
})

export const squaresAreFlat = claim({
  id: "label-noise/squares-are-equally-flat",
  statement:
    "With the activation z^2 / 2 and data of norm 1 all networks that fit have sharpness 2 sum y, and label noise does not drift.",
  inFloatingPoint: "run",
  source: derived("control: slope without a sign"),
  instances: problems(),
  value: Activation.square,
  margin: ({ instance: { problem }, kernels, value: activation }) => {
    const { network, theta } = expand(problem, { kernels }, activation)
    const { gradientNorm, sharpness } = new Geometry(network).atParameters(theta)
    const sum = network.labels.reduce((total, y) => total + y, 0)
    return Margin.all(
      Margin.equal(gradientNorm, 0, { absolute: 1e-9 * sharpness }),
      Margin.equal(sharpness, 2 * sum, { relative: 1e-12 }),
    )
  },
  controls: [{ name: "an activation of the theory", value: undefined }],
})
