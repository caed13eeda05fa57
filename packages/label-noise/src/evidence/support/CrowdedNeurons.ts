import { Draw, type Given } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Activation from "../../network/Activation.ts"
import { twoLayerThrough } from "../../network/TwoLayer.ts"
import { normalRows, unitRows } from "./Rows.ts"

/** n - d is `extra`. */
export const crowds = Draw.record({
  dimension: Draw.integer(1, 4),
  extra: Draw.integer(1, 8),
  neurons: Draw.oneOf<number>(13),
  seed: Draw.seed(),
})

/** A cubic network on data of norm 1 whose neurons are copies of `distinct` ones. */
export const expand = (
  { dimension: d, extra, neurons, seed }: Draw.Drawn<typeof crowds>,
  distinct: number,
  { kernels }: Given,
) => {
  const root = Seed.root(seed)
  const size = d + extra
  const originals = normalRows(root.child("theta"), distinct, d, 0.5)
  const theta = Float64Array.from(
    { length: neurons * d },
    (_, k) => originals[(Math.floor(k / d) % distinct) * d + (k % d)]!,
  )
  const features = unitRows(root.child("features"), size, d)
  const activation = Activation.cubic(1)
  const options = { activation, features, dimension: d, neurons, kernels }
  return { network: twoLayerThrough(theta, options), theta }
}
