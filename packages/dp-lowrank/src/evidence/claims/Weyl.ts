import { claim, Exact, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Interval from "@nonconvex/numerics/Interval"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as SymmetricEnclosure from "@nonconvex/numerics/SymmetricEnclosure"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import { spectralNorm } from "../support/Gapped.ts"
import { recalled } from "../support/Paper.ts"
import { expand, plus, realNoise, type Spiked, spiked, streamOf } from "../support/Structures.ts"

const perturbed = (instance: Spiked) => {
  const expanded = expand(instance)
  const { dimension, scale } = expanded
  const variance = Elementary.square(0.3 * scale)
  return { ...expanded, noise: realNoise(dimension, variance, streamOf(instance.seed, "noise")) }
}

/** Weyl's part of the claim, with enclosures of eigenvalues of M, N and M + N. */
const exactWeyl = (instance: Spiked, { kernels }: Given, factor: number): Exact.Compared => {
  const { dimension, matrix, noise } = perturbed(instance)
  const [before, after, moves] = [
    matrix,
    Array.from(matrix, (x, i) => Interval.add(Interval.point(x), Interval.point(noise[i]!))),
    noise,
  ].map((of) => SymmetricEnclosure.eigenvalues(of, dimension, kernels))
  const norm = moves!
    .map(Interval.absolute)
    .reduce((a, b) => Interval.make(Math.max(a.low, b.low), Math.max(a.high, b.high)))
  const bound = Exact.multiply(Exact.of(factor), norm)
  return Exact.worst(
    ...before!.map((value, i) =>
      Exact.atMost(Exact.absolute(Exact.subtract(after![i]!, value)), bound),
    ),
  )
}

export const weyl = claim({
  id: "dp-lowrank/weyl",
  statement:
    "No eigenvalue moves by more than the norm of the noise, and no matrix of rank k is closer to M than its top k.",
  source: recalled("Weyl 1912; Eckart, Young 1936", "eigenvalue perturbation, best approximation"),
  instances: spiked(),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { dimension, matrix, noise, rank, scale } = perturbed(instance)
    const bound = factor * spectralNorm(noise, dimension, { kernels })
    const before = SymmetricEigen.eigenvalues(matrix, dimension, kernels)
    const after = SymmetricEigen.eigenvalues(plus(matrix, noise), dimension, kernels)
    const best = LowRank.best({ dimension, matrix }, rank, kernels)
    // another matrix of that rank, near the best one
    const near = noise.map((x) => x / 10)
    const rival = LowRank.best({ dimension, matrix: plus(matrix, near) }, rank, kernels)
    return Margin.all(
      ...Array.from(before, (value, i) => Margin.atMost(Math.abs(after[i]! - value), bound, 1e-9)),
      Margin.atMost(Vector.distance(best, matrix), Vector.distance(rival, matrix) + 1e-9 * scale),
    )
  },
  exactly: ({ instance, kernels, value: factor }) => exactWeyl(instance, { kernels }, factor),
  controls: [{ name: "a third of the norm", value: 1 / 3, instances: spiked(2) }],
})
