import { claim, Margin } from "@nonconvex/evidence"
import { sharpness } from "../../index.ts"
import { expand, instances, total } from "../support/Instances.ts"
import { recalled } from "../support/Paper.ts"
import { isotropic } from "../../measurements/SparseMeasurements.ts"
import { rankOneInterval } from "../../measurements/RestrictedIsometry.ts"

export const isometrySandwich = claim({
  id: "matrix-factorization/isometry-sandwich",
  statement:
    "At every W the sharpness lies between lo and hi times that of an isotropic design, where lo and hi are the range of (1/n) sum <A_i, X>^2 over unit X of rank one.",
  inFloatingPoint: "spectrum",
  source: recalled("rank-one isometry suffices"),
  instances: instances(400),
  /** Factor by which both ends are multiplied. */
  value: [1, 1] as readonly [number, number],
  margin: ({ instance, kernels, value: [low, high] }) => {
    const { measurements, shape, x } = expand(instance, kernels)
    const { hi, lo } = rankOneInterval(measurements)
    const t = total(sharpness(measurements, shape).layers(x))
    const even = total(sharpness(isotropic(shape.rows, shape.columns, kernels), shape).layers(x))
    return Margin.all(
      Margin.of("sharpness", Margin.atLeast(t, low * lo * even, 1e-6)),
      Margin.of("sharpness", Margin.atMost(t, high * hi * even, 1e-6)),
    )
  },
  controls: [
    { name: "half of the upper end", value: [1, 0.5] },
    { name: "twice the lower end", value: [2, 1] },
  ],
})
