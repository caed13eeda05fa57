import * as Elementary from "@nonconvex/numerics/Elementary"
import { type Difference, sample, tested } from "./Student.ts"

/** Welch's t test of two independent samples with possibly different variances; degrees of freedom by Satterthwaite 1946. */
export const welch = (first: ReadonlyArray<number>, second: ReadonlyArray<number>): Difference => {
  const [a, b] = [sample(first), sample(second)]
  const [va, vb] = [(a.sd * a.sd) / a.count, (b.sd * b.sd) / b.count]
  const freedom =
    Elementary.square(va + vb) / ((va * va) / (a.count - 1) + (vb * vb) / (b.count - 1))
  return tested("Welch's t test", a.count + b.count, b.mean - a.mean, Math.sqrt(va + vb), freedom)
}
