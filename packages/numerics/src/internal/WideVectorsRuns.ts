/** What `WideVectorsCheck` calls beside products and factors: whole runs, draws, many small problems, and the steps of eigenvalue problems. */
import * as HermitianEigen from "../HermitianEigen.ts"
import * as Kernels from "../Kernels.ts"
import * as RandomStream from "../RandomStream.ts"
import * as Seed from "../Seed.ts"
import * as SymmetricEigen from "../SymmetricEigen.ts"

export type Result = Float64Array | Float32Array

/** What a call writes, by given kernels. */
export type Call = (kernels: Kernels.Kernels) => ReadonlyArray<Result>

/** Drawn numbers, so many of them. */
type Draw = (count: number) => Float64Array

const steps = 4
const rate = 0.01

/** Some of all rows of a table of n, one after the other. */
const chosen = (count: number, n: number, first = 0): Uint32Array =>
  Uint32Array.from({ length: count }, (_, k) => (7 * k + first) % n)

const copies = <A>(count: number, make: (r: number) => A): ReadonlyArray<A> =>
  Array.from({ length: count }, (_, r) => make(r))

/** All that is called for numbers of size n. */
export const runs = function* (n: number, draw: Draw): Generator<Call> {
  yield* symmetric(n, draw)
  yield many(n, draw)
  yield drawn(n)
  for (const count of [1, 3]) {
    yield diagonal(n, count, draw)
    yield layers(n, count, draw)
    yield* games(n, count, draw)
    yield noisy(n, count, draw)
  }
}

const symmetric = function* (n: number, draw: Draw): Generator<Call> {
  const [a, b] = [draw(n * n), draw(n * n)]
  const [x, c, ahead, error, center] = [draw(n), draw(n), draw(n), draw(n), draw(n)]
  yield (kernels) => {
    const { arena, descendQuadratic, product, symmetricProduct } = Kernels.withRoom(
      kernels,
      8 * n * n,
    )
    return arena.scoped((space) => {
      const held = space.f64(n * n)
      held.set(a)
      const [y, affine, point, other] = [new Float64Array(n), x.slice(), x.slice(), x.slice()]
      symmetricProduct(n, held, x, y)
      symmetricProduct(n, held, x, affine, c)
      descendQuadratic(n, steps, rate, held, c, point, { error, pull: { strength: 0.1, center } })
      const momenta = new Float64Array(steps).fill(0.5)
      const acceleration = { ahead: ahead.slice(), momenta }
      descendQuadratic(n, steps, rate, held, c, other, { acceleration })
      const part = b.slice()
      product(false, true, n, n, n, -0.5, a, 0, n, b, 0, n, 1, part, 0, n)
      return [y, affine, point, other, acceleration.ahead, part]
    })
  }
  yield (kernels) => {
    const { values, vectors } = SymmetricEigen.eigen(a, n, kernels)
    const im = b.map((value, i) => (i % (n + 1) === 0 ? 0 : value))
    return [values, vectors, HermitianEigen.eigenvalues(a, im, n, kernels)]
  }
}

const many = (n: number, draw: Draw): Call => {
  const count = 3
  const [a, b, rows] = [draw(count * n * n), draw(count * n * n), draw(count * n)]
  const [centre, on, off] = [draw(n), draw(count * n), draw(count * Math.max(0, n - 1))]
  return (kernels) => {
    const [c, gram] = [new Float64Array(count * n * n), new Float64Array(count * n * n)]
    kernels.gemmBatched(count, n, n, n, a, b, c)
    for (let i = 0; i < count; i++) {
      const part = gram.subarray(i * n * n, (i + 1) * n * n)
      kernels.syrk(false, n, n, 1, a.subarray(i * n * n, (i + 1) * n * n), 0, part)
      for (let j = 0; j < n; j++) part[j * n + j]! += 1
    }
    kernels.choleskyBatched(count, n, gram)
    const [solved, values, out] = [b.slice(), on.slice(), rows.slice()]
    kernels.solveTriangularBatched(count, true, false, n, n, gram, solved)
    kernels.tridiagonalBatched(count, n, on, off, values)
    const ball = { bound: 1, steps: 1024, largest: 1024 * 1024 }
    const clipped = kernels.quantise(rows, ball, centre, out)
    return [c, gram, solved, values, out, Float64Array.of(clipped)]
  }
}

/** More numbers than plain loops draw. */
const drawn =
  (n: number): Call =>
  (kernels) => {
    const stream = RandomStream.make(Seed.root(n))
    const of = (): Float64Array => new Float64Array(100 + n)
    const [uniform, normal, signs, normal32] = [of(), of(), of(), new Float32Array(100 + n)]
    kernels.fillUniform(stream, uniform)
    kernels.fillNormal(stream, normal)
    kernels.fillRademacher(stream, signs)
    kernels.fillNormal(stream, normal32)
    const [on, off] = [new Float64Array(5 * n), new Float64Array(5 * (n - 1))]
    kernels.fillTridiagonal(stream, n, 2, on, off)
    return [uniform, normal, signs, normal32, on, off]
  }

const diagonal = (n: number, count: number, draw: Draw): Call => {
  const network = {
    matrix: draw(3 * n),
    labels: draw(3),
    rate,
    plainRate: 0.02,
    radius: 0.1,
    gradientThreshold: 3,
  }
  const starts = copies(count, () => draw(2 * n))
  return (kernels) => {
    const all = starts.map((start, r) => ({
      point: start.slice(),
      indices: chosen(steps, 3, r),
      signs: Float64Array.from({ length: steps }, (_, k) => ((k + r) % 3 === 0 ? 1 : -1)),
    }))
    const taken = kernels.perturbDiagonal(network, steps, all)
    const counts = taken.flatMap(({ perturbed, steps: some }) => [some, perturbed])
    return [...all.map(({ point }) => point), Float64Array.from(counts)]
  }
}

const layers = (n: number, count: number, draw: Draw): Call => {
  const widths = Int32Array.of(n, 3, 2, n)
  const dimension = 3 * n + 6 + 2 * n
  const [matrices, targets] = [draw(4 * n * n), draw(4)]
  const [starts, epsilon] = [copies(count, () => draw(dimension)), draw(4 * steps)]
  return (kernels) => {
    const [points, chain] = [starts.map((start) => start.slice()), starts[0]!.slice()]
    const run = { widths, matrices, targets, noise: 0.3, rate }
    const noise = starts.map(() => epsilon)
    const taken = kernels.descendLayers(run, steps, points, noise)
    const labels = epsilon.subarray(0, 3 * steps)
    const batches = { batch: 3, rows: chosen(3 * steps, 4), labels, longest: 2 ** 969 }
    const chained = kernels.descendChain({ widths, matrices, rate, ...batches }, steps, chain)
    return [...points, chain, Float64Array.of(taken, chained)]
  }
}

const games = function* (n: number, count: number, draw: Draw): Generator<Call> {
  const [rows, columns] = [n, 3]
  const size = rows + columns
  const begin = copies(count, () => ({
    matrix: draw(rows * columns),
    saddle: draw(size),
    center: draw(size),
    errors: draw(size),
    point: draw(size),
    sum: draw(size),
    lost: draw(size),
  }))
  for (const kind of ["whole", "ball", "simplex"] as const) {
    for (const isExtra of [true, false]) {
      const set = { kind, extent: 1 }
      const given = {
        isExtra,
        rows,
        columns,
        sets: [set, set] as const,
        step: 0.3,
        strength: 0.1,
        until: -1,
        modulus: 0,
        doubt: Number.NaN,
        goal: 2,
        slack: 0,
        accuracy: -1,
      }
      yield (kernels) => {
        const all = begin.map(({ lost, point, sum, ...rest }) => ({
          ...rest,
          point: point.slice(),
          mean: { sum: sum.slice(), compensation: lost.slice() },
          best: { residual: Infinity, point: point.slice() },
        }))
        const taken = kernels.descendMonotone(given, steps, all)
        return [
          ...all.flatMap(({ best, mean, point }) => [
            point,
            mean.sum,
            mean.compensation,
            best.point,
            Float64Array.of(best.residual),
          ]),
          Float64Array.of(taken.steps, Number(taken.isSettled)),
        ]
      }
    }
  }
}

const noisy = (m: number, count: number, draw: Draw): Call => {
  const [n, d, batch] = [4, 3, 3]
  const [features, labels, epsilon] = [draw(n * d), draw(n), draw(n * steps)]
  const [z, coefficients, theta] = [draw(n * m), draw(n * m), draw(m * d)]
  return (kernels) => {
    const gram = new Float64Array(n * n)
    kernels.syrk(false, n, d, 1, features, 0, gram)
    const network = { neurons: m, slope: 1, rate, labels }
    const own = {
      ...network,
      batch,
      indices: chosen(batch * steps, n),
      epsilon: epsilon.subarray(0, batch * steps),
    }
    const [ownZ, ownCoefficients, ownTheta] = [z.slice(), coefficients.slice(), theta.slice()]
    const inSamples = kernels.noisyPreactivations(own, gram, ownZ, ownCoefficients)
    const inParameters = kernels.noisyParameters(own, features, ownTheta)
    const all = copies(count, () => ({
      epsilon,
      z: z.slice(),
      coefficients: coefficients.slice(),
    }))
    const together = kernels.noisyTogether(network, gram, all)
    return [
      ownZ,
      ownCoefficients,
      ownTheta,
      ...all.flatMap((run) => [run.z, run.coefficients]),
      Float64Array.of(inSamples, inParameters, together ?? -1),
    ]
  }
}
