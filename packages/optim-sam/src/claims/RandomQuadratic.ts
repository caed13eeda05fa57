import { Draw } from "@nonconvex/evidence"
import { Orthogonal, RandomStream, Seed } from "@nonconvex/numerics"
import { quadratic, type Quadratic } from "@nonconvex/problems"

/** A quadratic in dimension `spectrum.length` with a random orthogonal basis, and a start 3 N from its minimiser. */
export interface RandomQuadratic {
  /** Strong convexity. */
  readonly alpha: number
  /** Further eigenvalues, as multiples of `alpha` between 1 and 100. */
  readonly ratios: ReadonlyArray<number>
  readonly seed: number
}

export const randomQuadratic = () =>
  Draw.record<RandomQuadratic>({
    alpha: Draw.logarithmic(0.01, 1),
    ratios: Draw.list(Draw.logarithmic(1, 100), 0, 5),
    seed: Draw.seed(),
  })

export const spectrumOf = ({ alpha, ratios }: RandomQuadratic): ReadonlyArray<number> =>
  [alpha, ...ratios.map((ratio) => alpha * ratio)].toSorted((a, b) => b - a)

export const expand = (
  instance: RandomQuadratic,
): { readonly objective: Quadratic; readonly start: Float64Array } => {
  const stream = RandomStream.make(Seed.root(instance.seed).child("start"))
  const spectrum = Float64Array.from(spectrumOf(instance))
  const basis = Orthogonal.haar(
    spectrum.length,
    RandomStream.make(Seed.root(instance.seed).child("basis")),
  )
  const start = new Float64Array(spectrum.length)
  stream.fillNormal(start)
  for (let i = 0; i < start.length; i++) start[i]! *= 3
  return {
    objective: quadratic({ spectrum, basis }),
    start,
  }
}
