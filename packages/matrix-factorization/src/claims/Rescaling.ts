/** Equal sharpness of all layers: by rescaling (D13), and at every flattest interpolant (D14). */
import { claim, Draw, law, Margin } from "@nonconvex/evidence"
import { Seed, Vector } from "@nonconvex/numerics"
import * as Factorisation from "../Factorisation.ts"
import { balanced } from "../Flattest.ts"
import { flattestInterpolant } from "../FlattestInterpolant.ts"
import { measure } from "../Measurements.ts"
import { sharpness } from "../Sharpness.ts"
import {
  distance,
  expand,
  gaussianMeasurements,
  type Instance,
  instances,
  lowRank,
  mapLayers,
  total,
} from "./Instances.ts"
import { derived } from "./Paper.ts"
import type { Subject } from "./Subject.ts"

const spread = (layers: Float64Array): number => Math.max(...layers) / Math.min(...layers) - 1

const rescaled = (subject: Subject, instance: Instance): number => {
  const { measurements, shape, widths, x } = expand(instance)
  const before = subject.layerSharpness(measurements, widths, x)
  const flat = subject.rescale(measurements, widths, x)
  const after = subject.layerSharpness(measurements, widths, flat)
  const geometric = Math.exp(total(before.map(Math.log)) / shape.depth)
  return Margin.all(
    Margin.atMost(
      distance(Factorisation.endToEnd(shape, flat), Factorisation.endToEnd(shape, x)),
      1e-11,
    ),
    Margin.atMost(spread(after), 1e-11),
    Margin.atMost(total(after), total(before), 1e-12),
    // what factors with product 1 leave alone
    Margin.equal(total(after), shape.depth * geometric, { relative: 1e-11 }),
  )
}

export const rescaling = law<Subject, Instance>({
  id: "matrix-factorization/rescaling",
  statement:
    "Factors c_j^2 = T_j / (T_1 ... T_L)^(1/L) keep the product, make all T_j equal and their sum L (T_1 ... T_L)^(1/L), for any measurements.",
  source: derived("algorithm 2.5"),
  instances: instances(),
  margin: rescaled,
  controls: [
    {
      name: "every factor the other way",
      subject: (subject) => ({
        ...subject,
        rescale: (measurements, widths, x) => {
          const shape = Factorisation.shape(widths)
          const flat = Factorisation.layers(shape, subject.rescale(measurements, widths, x))
          return mapLayers(shape, x, (part, j) => {
            const size = Vector.norm(flat[j - 1]!)
            return part.map((value) => (value * Vector.norm(part)) / size)
          })
        },
      }),
    },
  ],
})

interface Sensing {
  readonly size: number
  readonly count: number
  readonly seed: number
}

const sensing = Draw.record<Sensing>({
  size: Draw.integer(2, 3),
  count: Draw.integer(3, 6),
  seed: Draw.seed(),
})

const expandSensing = ({ count, seed, size }: Sensing) => {
  const root = Seed.root(seed)
  const measurements = gaussianMeasurements(size, size, count, root.child("A"))
  return {
    measurements,
    targets: measure(measurements, lowRank(size, size, 1, root.child("M"))),
  }
}

export const equalLayers = claim<Sensing>({
  id: "matrix-factorization/equal-layers-at-the-flattest",
  statement: "At a flattest interpolant in three layers all T_j are equal.",
  source: derived("first-order condition (M13)"),
  instances: sensing,
  margin: (instance) => {
    const { measurements, targets } = expandSensing(instance)
    const { layers } = flattestInterpolant(measurements, targets, { depth: 3, starts: 1 })
    return Margin.atMost(spread(layers), 1e-4)
  },
  controls: [
    {
      name: "the balanced layers of the same matrix",
      instances: sensing,
      margin: (instance) => {
        const { measurements, targets } = expandSensing(instance)
        const { matrix, shape } = flattestInterpolant(measurements, targets, {
          depth: 3,
          starts: 1,
        })
        return Margin.atMost(
          spread(sharpness(measurements, shape).layers(balanced(shape, matrix))),
          1e-4,
        )
      },
    },
  ],
})
