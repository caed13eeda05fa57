import { claim, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Geometry } from "../../geometry/Geometry.ts"
import { flattest } from "../../limit/FlatLimit.ts"
import type { Activation } from "../../network/Activation.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import { exactCubic, exactSinh, type ExactSlopes, exactTanh } from "../support/ExactActivation.ts"
import { recalled } from "../support/Paper.ts"
import { expand, problems, type RandomNetwork, withNorms } from "../support/RandomNetwork.ts"

const instances = problems()

const sechSquare = (z: number): number => 1 - Elementary.square(Elementary.tanh(z))

/** Increasing, but its third derivative is negative around 0. */
const tanh: Activation = {
  name: "tanh z",
  value: Elementary.tanh,
  first: sechSquare,
  second: (z) => -2 * Elementary.tanh(z) * sechSquare(z),
  third: (z) => sechSquare(z) * (6 * Elementary.square(Elementary.tanh(z)) - 2),
  inverse: Elementary.atanh,
}

/** Compares the sharpness at parameters with that of the flattest network with the same outputs. */
const exactLeast = (
  { dimension: d, features, neurons: m, size: n }: TwoLayer,
  theta: Float64Array,
  { slope, slopeWhere, value }: ExactSlopes,
): Exact.Compared => {
  const rowsOf = (x: Float64Array, count: number) =>
    Array.from({ length: count }, (_, k) => Exact.vector(x.subarray(k * d, (k + 1) * d)))
  const rows = rowsOf(theta, m)
  const data = rowsOf(features, n).map((datum) => {
    const z = rows.map((row) => Exact.dot(datum, row))
    const mean = Exact.divide(Exact.sum(...z.map(value)), Exact.of(m))
    const squares = Exact.sum(...z.map((each) => Exact.square(slope(each))))
    const weight = Exact.dot(datum, datum)
    const alike = Exact.multiply(Exact.of(m), Exact.square(slopeWhere(mean)))
    return { sharpness: Exact.multiply(weight, squares), least: Exact.multiply(weight, alike) }
  })
  const least = Exact.sum(...data.map((each) => each.least))
  const slack = Exact.of("0.9999999999")
  return Exact.atLeast(
    Exact.sum(...data.map(({ sharpness }) => sharpness)),
    Exact.multiply(slack, least),
  )
}

const exactOf = ({ activation, slope }: RandomNetwork): ExactSlopes =>
  activation === "cubic" ? exactCubic(slope) : exactSinh

export const leastSharpness = claim({
  id: "label-noise/least-sharpness",
  statement:
    "No network with the same outputs is flatter than the one in which all neurons agree: F >= m sum_i |x_i|^2 phi'(phi^-1(f_i / m))^2.",
  source: recalled("global minimum of the sharpness"),
  instances,
  value: undefined,
  margin: ({ instance: { problem }, kernels, value: activation }) => {
    const { network, theta } = withNorms(expand(problem, { kernels }, activation))
    const { sharpness } = new Geometry(network).atParameters(theta)
    return Margin.of("sharpness", Margin.atLeast(sharpness, flattest(network).sharpness, 1e-10))
  },
  exactly: ({ instance: { problem }, kernels, value: activation }) => {
    const { network, theta } = withNorms(expand(problem, { kernels }, activation))
    return exactLeast(network, theta, activation === undefined ? exactOf(problem) : exactTanh)
  },
  controls: [
    {
      name: "tanh, whose third derivative changes sign",
      value: tanh,
      instances: problems({ activation: "sinh" }),
    },
  ],
})
