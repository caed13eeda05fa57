import {
  claim,
  type ClaimDefinition,
  Kind,
  type Law,
  Margin,
  type MarginInput,
} from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { noisyLoss } from "./NoisyLoss.ts"
import { derived } from "./Paper.ts"
import { expand, type Expanded, type Problem, problems } from "./RandomNetwork.ts"
import { ours, type Subject } from "./Subject.ts"

/** A network, a start, a learning rate, and the sign of the label noise. */
interface Setting {
  readonly network: TwoLayer
  readonly theta: Float64Array
  readonly learningRate: number
  readonly convention: Theory.Convention
  readonly sign: 1 | -1
}

/** Another setting, and the map from the end of the first run to the expected end of the second. */
interface Image extends Setting {
  readonly mapEnd: (theta: Float64Array) => Float64Array
}

export type Transformation = (setting: Setting, expanded: Expanded) => Image

const steps = 40

const follow = ({ descent }: Subject, setting: Setting, { stream }: Expanded): Float64Array => {
  const { convention, learningRate, network, sign } = setting
  const [chosen, noise] = [stream("indices"), stream("noise")]
  const loss = noisyLoss(network, 1)
  const method = descent(Theory.gradientFactor(convention) * learningRate)
  const state = method.init(loss, setting.theta)
  for (let k = 0; k < steps; k++) {
    loss.indices[0] = chosen.integer(network.size)
    loss.epsilon[0] = 0.1 * sign * noise.normal()
    method.step(state)
  }
  return state.point
}

const commutes = ({
  instance: { problem },
  kernels,
  subject,
  value: transform,
}: MarginInput<Problem, Transformation, Subject>): Margin.Comparison => {
  const expanded = expand(problem, { kernels })
  const { network, theta } = expanded
  const limit = stabilityLimit(network, theta, { convention: "half", sampling: "replacement" })
  const kind = { convention: "half", sign: 1 } as const
  const setting = { network, theta, learningRate: 0.1 * limit, ...kind }
  const image = transform(setting, expanded)
  const expected = image.mapEnd(follow(subject, setting, expanded))
  const absolute = 1e-10 * (1 + Vector.norm(expected))
  return Margin.equal(Vector.distance(follow(subject, image, expanded), expected), 0, { absolute })
}

type Definition = ClaimDefinition<Problem, Transformation, Subject>

export const symmetry = (
  definition: Omit<Definition, "source" | "instances" | "margin"> & Partial<Definition>,
): Law<Subject> =>
  claim<Problem, Transformation, Subject>({
    inFloatingPoint: "agreement",
    source: Kind.identity(derived("symmetries of label-noise SGD")),
    subject: ours,
    instances: problems(),
    margin: commutes,
    ...definition,
  })
