/** What gradient descent does alike when its problem is turned, reversed or listed otherwise. */
import { type Given, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Measurements } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { distance, expand, type Instance, instances, rotation } from "../support/Instances.ts"
import { range } from "../support/Combinations.ts"
import { derived } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"
import {
  mapLayers,
  reversedLayers,
  selected,
  transposed,
  turned,
} from "../support/Transformations.ts"

/** Five steps, short enough that rounding is not blown up. */
const descend = (objective: Objective, start: Float64Array, learningRate: number): Float64Array => {
  const point = start.slice()
  const gradient = new Float64Array(point.length)
  for (let step = 0; step < 5; step++) {
    objective.valueAndGradient(point, gradient)
    Vector.axpy(-learningRate / (1 + Vector.norm(gradient)), gradient, point)
  }
  return point
}

const learningRate = 0.05

/** Where descent on the objective of the subject ends. */
const trained = (
  subject: Subject,
  measurements: Measurements,
  targets: Float64Array,
  widths: ReadonlyArray<number>,
  x: Float64Array,
): Float64Array => descend(subject.objective(measurements, targets, widths), x, learningRate)

const hiddenRotation =
  (isOrthogonal: boolean) =>
  (subject: Subject, instance: Instance, { kernels }: Given): number => {
    const { measurements, seed, shape, targets, widths, x } = expand(instance, kernels)
    const { depth } = shape
    const rotations = widths.map((width, j) => {
      if (j === 0 || j === depth) return Matrix.identity(width)
      const q = rotation(width, seed.child("Q").child(j))
      if (!isOrthogonal) Vector.scale(2, q)
      return q
    })
    const rotateLayers = (from: Float64Array): Float64Array =>
      mapLayers(shape, from, (part, j) => {
        const [m, n] = [widths[j]!, widths[j - 1]!]
        const left = Matrix.multiply(rotations[j]!, part, m, m, n, kernels)
        return Matrix.multiply(
          left,
          Matrix.inverse(rotations[j - 1]!, n, kernels),
          m,
          n,
          n,
          kernels,
        )
      })
    return Margin.atMost(
      distance(
        trained(subject, measurements, targets, widths, rotateLayers(x)),
        rotateLayers(trained(subject, measurements, targets, widths, x)),
      ),
      1e-10,
    )
  }

export const hiddenRotations = law<Subject, Instance>({
  id: "matrix-factorization/hidden-rotations",
  statement:
    "Gradient descent commutes with rotations of the hidden units, W_j -> Q_j W_j Q_(j-1)'.",
  source: derived("metamorphic"),
  instances: instances(),
  margin: hiddenRotation(true),
  controls: [
    {
      name: "hidden units scaled as well",
      margin: hiddenRotation(false),
    },
  ],
})

const outerRotation =
  (forgetsData: boolean) =>
  (subject: Subject, instance: Instance, { kernels }: Given): number => {
    const { measurements, seed, shape, targets, widths, x } = expand(instance, kernels)
    const { columns, depth, rows } = shape
    const p = rotation(rows, seed.child("P"))
    const q = rotation(columns, seed.child("Q"))
    const rotateLayers = (from: Float64Array): Float64Array =>
      mapLayers(shape, from, (part, j) => {
        const [m, n] = [widths[j]!, widths[j - 1]!]
        const left = j === depth ? Matrix.multiply(p, part, m, m, n, kernels) : part
        return j === 1 ? Matrix.multiply(left, Matrix.transpose(q, n, n), m, n, n, kernels) : left
      })
    const data = forgetsData ? measurements : turned(measurements, p, q)
    return Margin.atMost(
      distance(
        trained(subject, data, targets, widths, rotateLayers(x)),
        rotateLayers(trained(subject, measurements, targets, widths, x)),
      ),
      1e-10,
    )
  }

export const outerRotations = law<Subject, Instance>({
  id: "matrix-factorization/outer-rotations",
  statement:
    "Gradient descent commutes with rotations of inputs and outputs together with the measurements, A -> P A Q'.",
  source: derived("metamorphic"),
  instances: instances(),
  margin: outerRotation(false),
  controls: [
    {
      name: "measurements left as they are",
      margin: outerRotation(true),
    },
  ],
})

const reversed =
  (transposesData: boolean) =>
  (subject: Subject, instance: Instance, { kernels }: Given): number => {
    const { measurements, shape, targets, widths, x } = expand(instance, kernels)
    const backwards = widths.toReversed()
    if (!transposesData && shape.rows !== shape.columns) return 1
    const data = transposesData ? transposed(measurements) : measurements
    const start = reversedLayers(shape, x)
    const sharp = subject.layerSharpness(measurements, widths, x)
    return Margin.all(
      Margin.atMost(
        distance(
          trained(subject, data, targets, backwards, start),
          reversedLayers(shape, trained(subject, measurements, targets, widths, x)),
        ),
        1e-10,
      ),
      Margin.atMost(
        distance(subject.layerSharpness(data, backwards, start), sharp.toReversed()),
        1e-11,
      ),
    )
  }

export const reversal = law<Subject, Instance>({
  id: "matrix-factorization/reversal",
  statement:
    "Transposing all layers and measurements and reversing the order of the layers changes neither descent nor sharpness.",
  source: derived("metamorphic"),
  instances: instances(),
  margin: reversed(true),
  controls: [
    {
      name: "measurements not transposed",
      margin: reversed(false),
    },
  ],
})

const relisted =
  (list: (count: number) => ReadonlyArray<number>) =>
  (subject: Subject, instance: Instance, { kernels }: Given): number => {
    const { measurements, targets, widths, x } = expand(instance, kernels)
    const order = list(measurements.count)
    const labels = Float64Array.from(order, (i) => targets[i]!)
    return Margin.atMost(
      distance(
        trained(subject, selected(measurements, order), labels, widths, x),
        trained(subject, measurements, targets, widths, x),
      ),
      1e-10,
    )
  }

export const relisting = law<Subject, Instance>({
  id: "matrix-factorization/relisting",
  statement:
    "Full-batch descent does not change when the measurements are permuted, nor when all are listed twice.",
  source: derived("metamorphic"),
  instances: instances(),
  margin: relisted((count) => [...range(count).toReversed(), ...range(count)]),
  controls: [
    {
      name: "only the first listed twice",
      margin: relisted((count) => [0, ...range(count)]),
    },
  ],
})
