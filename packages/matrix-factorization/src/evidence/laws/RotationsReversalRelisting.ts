/** What gradient descent does alike when its problem is turned, reversed or listed otherwise. */
import { claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Measurements } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { distance, expand, instances, rotation } from "../support/Instances.ts"
import { range } from "../support/Combinations.ts"
import { derived } from "../support/Paper.ts"
import { type Subject, matrixFactorization } from "../support/Subject.ts"
import * as Transformations from "../support/Transformations.ts"

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

export const hiddenRotations = claim({
  id: "matrix-factorization/hidden-rotations",
  statement:
    "Gradient descent commutes with rotations of the hidden units, W_j -> Q_j W_j Q_(j-1)'.",
  inFloatingPoint: "agreement",
  source: derived("metamorphic"),
  subject: matrixFactorization,
  instances: instances(),
  value: true,
  margin: ({ instance, kernels, subject, value: isOrthogonal }) => {
    const { measurements, seed, shape, targets, widths, x } = expand(instance, kernels)
    const { depth } = shape
    const rotations = widths.map((width, j) => {
      if (j === 0 || j === depth) return Matrix.identity(width)
      const q = rotation(width, seed.child("Q").child(j))
      if (!isOrthogonal) Vector.scale(2, q)
      return q
    })
    const inverses = rotations.map((q, j) => Matrix.inverse(q, widths[j]!, kernels))
    const rotateLayers = Transformations.turnedLayers(shape, rotations, inverses, kernels)
    return Margin.atMost(
      distance(
        trained(subject, measurements, targets, widths, rotateLayers(x)),
        rotateLayers(trained(subject, measurements, targets, widths, x)),
      ),
      1e-10,
    )
  },
  controls: [{ name: "hidden units scaled as well", value: false }],
})

export const outerRotations = claim({
  id: "matrix-factorization/outer-rotations",
  statement:
    "Gradient descent commutes with rotations of inputs and outputs together with the measurements, A -> P A Q'.",
  inFloatingPoint: "agreement",
  source: derived("metamorphic"),
  subject: matrixFactorization,
  instances: instances(),
  value: false,
  margin: ({ instance, kernels, subject, value: forgetsData }) => {
    const { measurements, seed, shape, targets, widths, x } = expand(instance, kernels)
    const { columns, depth, rows } = shape
    const p = rotation(rows, seed.child("P"))
    const q = rotation(columns, seed.child("Q"))
    const plain = widths.map((width) => Matrix.identity(width))
    const rotateLayers = Transformations.turnedLayers(
      shape,
      plain.with(depth, p),
      plain.with(0, Matrix.transpose(q, columns, columns)),
      kernels,
    )
    const data = forgetsData ? measurements : Transformations.turned(measurements, p, q)
    return Margin.atMost(
      distance(
        trained(subject, data, targets, widths, rotateLayers(x)),
        rotateLayers(trained(subject, measurements, targets, widths, x)),
      ),
      1e-10,
    )
  },
  controls: [{ name: "measurements left as they are", value: true }],
})

export const reversal = claim({
  id: "matrix-factorization/reversal",
  statement:
    "Transposing all layers and measurements and reversing the order of the layers changes neither descent nor sharpness.",
  inFloatingPoint: "agreement",
  source: derived("metamorphic"),
  subject: matrixFactorization,
  instances: instances(),
  value: true,
  margin: ({ instance, kernels, subject, value: transposesData }) => {
    const { measurements, shape, targets, widths, x } = expand(instance, kernels)
    const backwards = widths.toReversed()
    if (!transposesData && shape.rows !== shape.columns) return Margin.holds(true)
    const data = transposesData ? Transformations.transposed(measurements) : measurements
    const start = Transformations.reversedLayers(shape, x)
    const sharp = subject.layerSharpness(measurements, widths, x)
    return Margin.all(
      Margin.atMost(
        distance(
          trained(subject, data, targets, backwards, start),
          Transformations.reversedLayers(shape, trained(subject, measurements, targets, widths, x)),
        ),
        1e-10,
      ),
      Margin.atMost(
        distance(subject.layerSharpness(data, backwards, start), sharp.toReversed()),
        1e-11,
      ),
    )
  },
  controls: [{ name: "measurements not transposed", value: false }],
})

export const relisting = claim({
  id: "matrix-factorization/relisting",
  statement:
    "Full-batch descent does not change when the measurements are permuted, nor when all are listed twice.",
  inFloatingPoint: "agreement",
  source: derived("metamorphic"),
  subject: matrixFactorization,
  instances: instances(),
  value: (count: number) => [...range(count).toReversed(), ...range(count)],
  margin: ({ instance, kernels, subject, value: list }) => {
    const { measurements, targets, widths, x } = expand(instance, kernels)
    const order = list(measurements.count)
    const labels = Float64Array.from(order, (i) => targets[i]!)
    return Margin.atMost(
      distance(
        trained(subject, Transformations.selected(measurements, order), labels, widths, x),
        trained(subject, measurements, targets, widths, x),
      ),
      1e-10,
    )
  },
  controls: [{ name: "only the first listed twice", value: (count) => [0, ...range(count)] }],
})
