/** Certificates and rank choices for a known spectrum and known noise. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { certify } from "../../components/Certificate.ts"
import type { Noisy } from "../../components/Noisy.ts"
import { perRow } from "../../components/PerRow.ts"
import { chooseRank } from "../../components/RankChoice.ts"
import * as Public from "../../privacy/Public.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

const diagonals = Draw.record({
  dimension: Draw.integer(2, 8),
  /** Share relative to all, by the dimension. */
  share: Draw.linear(1, 0),
  /** Norm of the noise, in units of the smallest possible gap. */
  noise: Draw.logarithmic(0.01, 1),
  grid: Draw.logarithmic(0.01, 1),
  failure: Draw.logarithmic(0.05, 1e-6),
  rows: Draw.integer(2, 100),
  seed: Draw.seed(),
})

/** Diagonal matrix with its eigenvalues in random order, and their descending list. */
const expand = ({ dimension: d, grid, noise, seed, share }: Draw.Drawn<typeof diagonals>) => {
  const stream = streamOf(seed, "spectrum")
  const values = Array.from({ length: d }, () => 100 * stream.uniform() - 10)
  const spectrum = values.toSorted((a, b) => b - a)
  const matrix = new Float64Array(d * d)
  values.forEach((value, i) => {
    matrix[i * (d + 1)] = value
  })
  const noisy: Noisy = {
    dimension: d,
    matrix,
    grid,
    offDiagonalScale: noise,
    diagonalScale: 3 * noise,
  }
  return { noisy, spectrum, rank: Math.max(1, Math.round(share * d)) }
}

/** The norm of the noise and of the rounding but with this probability. */
const normOf = ({ dimension: d, grid, offDiagonalScale }: Noisy, failure: number): number =>
  2 * offDiagonalScale * (Math.sqrt(d) + Math.sqrt(Elementary.log(2 / failure))) + (grid * d) / 2

const sinTheta = (norm: number, gap: number): number => (gap > 2 * norm ? norm / (gap - norm) : 1)

const over = (a: number, b: number): number => (b > 0 ? a / b : Infinity)

/** All numbers of a certificate, computed from the known spectrum. */
const expected = (noisy: Noisy, spectrum: ReadonlyArray<number>, rank: number, failure: number) => {
  const d = noisy.dimension
  const norm = normOf(noisy, failure / 2)
  const ends = (x: number) => [x, x - norm, x + norm].map((each) => Math.max(0, each))
  const gaps = [Infinity, ...spectrum.map((x, i) => x - (spectrum[i + 1] ?? -Infinity))]
  const sum = spectrum.slice(0, rank).reduce((total, x) => total + x, 0)
  const trace = spectrum.reduce((total, x) => total + x, 0)
  const off =
    noisy.diagonalScale * Math.sqrt(2 * d * Elementary.log(4 / failure)) + (noisy.grid * d) / 2
  const within = (x: number) => Math.min(1, Math.max(0, x))
  const [first, last] = [ends(spectrum[0]!), ends(spectrum[rank - 1]!)]
  const total = [trace, trace - off, trace + off].map((x) => Math.max(0, x))
  const share = (top: number, all: number) => (all > 0 ? within(top / all) : top > 0 ? 1 : 0)
  return [
    norm,
    ...spectrum.slice(0, rank).flatMap(ends),
    sinTheta(norm, gaps[rank]!),
    share(sum, trace),
    within((sum - rank * norm) / Math.max(trace + off, Number.MIN_VALUE)),
    trace > off ? share(sum + rank * norm, trace - off) : 1,
    ...spectrum.slice(0, rank).map((_, i) => sinTheta(norm, Math.min(gaps[i]!, gaps[i + 1]!))),
    10 * norm,
    ...[0, 2, 1].map((end) => over(10 * norm, last[end]!)),
    100 * over(first[0]!, last[0]!) * over(total[0]!, last[0]!),
    100 * over(first[1]!, last[2]!) * over(total[1]!, last[2]!),
    100 * over(first[2]!, last[1]!) * over(total[2]!, last[1]!),
  ]
}

const found = (noisy: Noisy, rank: number, failure: number, kernels: Kernels) => {
  const of = certify(noisy, rank, failure, kernels)
  const ends = ({ estimate, lower, upper }: (typeof of)["growth"]) => [estimate, lower, upper]
  return [
    of.noiseNorm,
    ...of.eigenvalues.flatMap(ends),
    of.projectorError,
    ...ends(of.explained),
    ...of.directions,
    of.legible,
    ...ends(of.growth),
    ...ends(of.samplingRows),
  ]
}

/** Equality of all numbers up to rounding; two infinities, and two products of 0 and infinity, count as equal. */
const near = (actual: ReadonlyArray<number>, bound: ReadonlyArray<number>): Margin.Comparison =>
  Margin.all(
    Margin.holds(actual.length === bound.length),
    ...actual.map((x, i) =>
      Object.is(x, bound[i])
        ? Margin.holds(true)
        : Margin.equal(x, bound[i]!, { relative: 1e-9, absolute: 1e-9 }),
    ),
  )

export const certificateOfASpectrum = claim({
  id: "dp-lowrank/certificate-of-a-spectrum",
  statement:
    "Every number of a certificate follows from the spectrum, the norms of noise and rounding, and the trace by the theorems of Weyl and sin-theta. The chosen rank has the widest gap above the noise, and values per row are divided by the number of rows.",
  inFloatingPoint: "spectrum",
  source: Kind.identity(derived("the intervals of a certificate")),
  instances: diagonals,
  value: [1, 0],
  /** Noise as a multiple of that in the certificate's input; the expected rank of the widest gap is reduced by `skip`. */
  margin: ({ instance, kernels, value: [factor, skip] }) => {
    const { failure, rows } = instance
    const { noisy, rank, spectrum } = expand(instance)
    const told = { ...noisy, offDiagonalScale: factor * noisy.offDiagonalScale }
    const gaps = spectrum.slice(1).map((x, i) => spectrum[i]! - x)
    const widest = Math.max(...gaps)
    const norm = normOf(told, failure)
    const error = sinTheta(norm, widest)
    const choice = chooseRank(noisy, failure, kernels)
    const divided = perRow(noisy, Public.rowCount(rows))
    return Margin.all(
      near(found(noisy, rank, failure, kernels), expected(told, spectrum, rank, failure)),
      near(
        [choice.rank, choice.projectorError, choice.significant, ...choice.spectrum],
        [
          error < 1 ? gaps.indexOf(widest) + 1 - skip : 0,
          error,
          spectrum.filter((x) => x > norm).length,
          ...spectrum,
        ],
      ),
      near(
        [divided.grid, divided.offDiagonalScale, divided.diagonalScale, ...divided.matrix].map(
          (x) => x * rows,
        ),
        [noisy.grid, noisy.offDiagonalScale, noisy.diagonalScale, ...noisy.matrix],
      ),
    )
  },
  controls: [
    { name: "nine tenths of the noise", value: [0.9, 0] },
    { name: "the rank before the widest gap", value: [1, 1] },
  ],
})
