import { Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"

/** Margin of `actual = expected` up to `relative (floor + |expected|)` in the Euclidean norm; defaults 1e-9 and 1. */
export const near = (
  actual: Float64Array,
  expected: Float64Array,
  { floor = 1, relative = 1e-9 }: { readonly floor?: number; readonly relative?: number } = {},
): Margin.Comparison =>
  Margin.equal(Vector.distance(actual, expected), 0, {
    absolute: relative * (floor + Vector.norm(expected)),
  })
