import { Margin } from "@nonconvex/evidence"
import type { Settled } from "../../minima/Settle.ts"

/** Margin of |end - closed form| at 1e-6; the last coordinates of the closed form are 0. */
export const matches = ({ point }: Settled, expected: ArrayLike<number>): Margin.Comparison =>
  Margin.atMost(Math.max(...point.map((x, j) => Math.abs(x - (expected[j] ?? 0)))), 1e-6)
