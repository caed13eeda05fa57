import { Draw } from "@nonconvex/evidence"
import { within } from "./Within.ts"

export const unchanged = () => 1

export const inverse = (c: number) => 1 / c

export const linear = (s: number) => s

export const square = (s: number) => s * s

export const lossScale = within([2, 10], [0.5, 0.1]).chain((mantissa) =>
  Draw.oneOf(1, 1e-3, 1e-6, 1e-12, 1e3, 1e6, 1e12).map((decade) => mantissa * decade),
)
