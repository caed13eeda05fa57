/** Golden values of an independent implementation, on every rotated and permuted copy of their instance. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { takeStep } from "../../descent/NoisyDescent.ts"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { flatLimit } from "../../limit/FlatLimit.ts"
import * as Activation from "../../network/Activation.ts"
import { twoLayerThrough } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"

/** Three cubic neurons on two data of dimension 3. */
const features = [0.6, 0.8, 0, 0, 0.6, 0.8]

const theta = [0.5, -0.25, 0.75, -0.5, 1, 0.25, 0.25, 0.5, -1]

const golden = {
  labels: [1.442375, 1.228125],
  sharpness: 21.9349125,
  multipliers: [4.327759846292846, 5.834283437866138],
  gradientNorm: 23.12806601721786,
  firstGradient: [-1.9329555850089788, -2.996140489167195, -0.558488501095853],
  /** Along the tangent part of the identity matrix. */
  hessian: 18.667050493469528,
  preactivations: [0.4112422831420484, 0.3619548282460836],
  leastSharpness: 12.638038636069775,
  limit: [
    0.7756008047691749, -0.06764774964932058, 0.5031793475445947, -0.40527237610400607,
    0.818007136005565, -0.1610618166965695, -0.18074015157178175, 0.6496079676063968,
    -0.03476244039719223,
  ],
  /** After a step with all data, learning rate 0.01 and noise 0.1 and -0.2. */
  step: [
    0.500309, -0.2505525, 0.748714, -0.499475, 0.998948, 0.247664, 0.25057225, 0.499713, -1.0014,
  ],
}

/** Copies with neurons rotated by this many places. */
const copies = Draw.record({ turn: Draw.integer(0, 2), seed: Draw.seed() })

/** Maps of rows to the copy and back: neurons permuted cyclically, and coordinates rotated. */
const mapsOf = ({ seed, turn }: Draw.Drawn<typeof copies>) => {
  const q = Orthogonal.haar(3, RandomStream.make(Seed.root(seed)))
  const rotate = (rows: ReadonlyArray<number>) =>
    Float64Array.from(rows, (_, k) => {
      const row = Float64Array.from(rows.slice(k - (k % 3), k - (k % 3) + 3))
      return Vector.dot(row, q.subarray((k % 3) * 3, (k % 3) * 3 + 3))
    })
  const turned = (rows: ReadonlyArray<number>) => [
    ...rows.slice(3 * turn),
    ...rows.slice(0, 3 * turn),
  ]
  return { rotate, neurons: (rows: ReadonlyArray<number>) => rotate(turned(rows)) }
}

const near = (actual: Float64Array, expected: ArrayLike<number>): Margin.Comparison =>
  Margin.equal(Vector.distance(actual, Float64Array.from(expected)), 0, { absolute: 1e-10 })

const close = (actual: number, expected: number): Margin.Comparison =>
  Margin.equal(actual, expected, { absolute: 1e-10 })

export const goldenValues = claim({
  id: "label-noise/golden-values",
  statement:
    "Outputs, sharpness, multipliers, gradient, Hessian, flat limit, end of the flow and a noisy step equal those of an independent implementation to 1e-10, on every rotated and permuted copy.",
  inFloatingPoint: "agreement",
  extent: { dimension: 3, neurons: 3, samples: 2 },
  source: Kind.identity(derived("golden values of an independent implementation")),
  instances: copies,
  value: { convention: "half", slope: 1 },
  margin: ({ instance: copy, kernels, value: { convention, slope } }) => {
    const { neurons, rotate } = mapsOf(copy)
    const start = neurons(theta)
    const network = twoLayerThrough(start, {
      activation: Activation.cubic(slope),
      features: rotate(features),
      dimension: 3,
      neurons: 3,
      kernels,
    })
    const geometry = new Geometry(network).atParameters(start)
    const gradient = geometry.gradient()
    const first = (3 - copy.turn) % 3
    const direction = neurons([1, 0, 0, 0, 1, 0, 0, 0, 1])
    geometry.project(direction)
    const limit = flatLimit(network, start)
    const next = Float64Array.from(start)
    const rate = 0.01 * Theory.gradientFactor(convention)
    takeStep(network, next, Uint32Array.of(0, 1), Float64Array.of(0.1, -0.2), rate)
    return Margin.all(
      near(network.labels, golden.labels),
      close(geometry.sharpness, golden.sharpness),
      near(geometry.multipliers, golden.multipliers),
      close(geometry.gradientNorm, golden.gradientNorm),
      near(gradient.subarray(3 * first, 3 * first + 3), rotate(golden.firstGradient)),
      close(geometry.hessian(direction), golden.hessian),
      near(limit.preactivations, golden.preactivations),
      close(limit.sharpness, golden.leastSharpness),
      near(limit.theta, neurons(golden.limit)),
      near(flowOfPreactivations(network, start).theta, neurons(golden.limit)),
      near(next, neurons(golden.step)),
    )
  },
  controls: [
    { name: "the other convention", value: { convention: "mean", slope: 1 } },
    { name: "another slope of the cubic", value: { convention: "half", slope: 1.001 } },
  ],
})
