/** Whole runs of small methods by the compiled module, which takes what is many numbers as one array, run after run. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type { Addon } from "./Addon.ts"
import { inRow, joined, onPoints } from "./Joined.ts"

const perturbings = { none: 0, normalised: 1, unnormalised: 2 }

const descend =
  (addon: Addon, base: Kernels): Kernels["descend"] =>
  (objective, perturbing, steps, rate, radius, points) => {
    const taken =
      objective.kind === "product"
        ? onPoints(points, 2, (all) =>
            addon.descendProduct(
              perturbings[perturbing],
              steps,
              rate,
              radius,
              objective.target,
              all,
            ),
          )
        : null
    return taken ?? base.descend(objective, perturbing, steps, rate, radius, points)
  }

/** In place of what is not there. */
const nothing = new Float64Array(0)

const sets = { whole: 0, ball: 1, simplex: 2 }

/** Whether taking off a coordinate of a saddle may change a bit. */
const isOff = (x: number): boolean => !Object.is(x, 0)

/** Strategies up to which the embedded kernel, which has both players of a single game in one vector, takes less time. */
const fewStrategies = 4

/** Those from which on the coordinates of a single run do not stay in vectors, where the embedded kernel takes less time again. */
const manyStrategies = { "AVX-512": 64, AVX2: 32, NEON: 16, SSE2: 16 }

const descendMonotone =
  (addon: Addon, base: Kernels): Kernels["descendMonotone"] =>
  (steps, count, runs) => {
    const plain = () => base.descendMonotone(steps, count, runs)
    const { columns, goal, isExtra, rows } = steps
    const [min, max] = steps.sets
    const longest = Math.max(rows, columns)
    const isTiny = longest <= fewStrategies && min.kind === "simplex" && max.kind === "simplex"
    if (runs.length === 1 && (isTiny || longest > manyStrategies[addon.vectors])) return plain()
    const size = rows + columns
    const hasCenter = runs.some(({ center }) => center !== undefined)
    const isKept = goal >= 0
    const ofErrors = runs[0]?.errors.length ?? 0
    const fits = runs.every(
      ({ best, center, errors, matrix, mean, point, saddle }) =>
        matrix.length === rows * columns &&
        errors.length === ofErrors &&
        (!isKept || best?.point.length === size) &&
        (hasCenter ? center : saddle)?.length === size &&
        [saddle, point, mean.sum, mean.compensation].every(({ length }) => length === size),
    )
    if (!fits) return plain()
    const [ofMatrix, ofProblem] = [rows * columns, rows * columns + 2 * size]
    const problems = new Float64Array(runs.length * ofProblem)
    const points = new Float64Array(runs.length * 3 * size)
    const kept = new Float64Array(isExtra && isKept ? runs.length * (1 + size) : 0)
    const errors = runs.length === 1 ? runs[0]!.errors : new Float64Array(runs.length * ofErrors)
    for (let r = 0; r < runs.length; r++) {
      const { best, center, errors: own, matrix, mean, point, saddle } = runs[r]!
      problems.set(matrix, r * ofProblem)
      problems.set(saddle, r * ofProblem + ofMatrix)
      problems.set(center ?? saddle, r * ofProblem + ofMatrix + size)
      points.set(point, 3 * r * size)
      points.set(mean.sum, (3 * r + 1) * size)
      points.set(mean.compensation, (3 * r + 2) * size)
      if (runs.length > 1) errors.set(own, r * ofErrors)
      if (kept.length === 0) continue
      kept[r * (1 + size)] = best!.residual
      kept.set(best!.point, r * (1 + size) + 1)
    }
    const hasSaddle = runs.some(({ saddle }) => saddle.some(isOff))
    const numbers = Float64Array.of(
      runs.length,
      Number(isExtra),
      count,
      rows,
      columns,
      sets[min.kind],
      min.extent,
      sets[max.kind],
      max.extent,
      steps.step,
      steps.strength,
      steps.until,
      steps.modulus,
      steps.doubt,
      goal,
      Number(hasSaddle),
      Number(hasCenter),
      steps.slack,
      isExtra ? steps.accuracy : -1,
    )
    const taken = addon.descendMonotone(numbers, problems, errors, points, kept)
    if (taken === null) return plain()
    for (const [r, { best, mean, point }] of runs.entries()) {
      const [from, to] = [3 * r * size, r * (1 + size)]
      point.set(points.subarray(from, from + size))
      mean.sum.set(points.subarray(from + size, from + 2 * size))
      mean.compensation.set(points.subarray(from + 2 * size, from + 3 * size))
      if (kept.length === 0 || best === undefined) continue
      best.residual = kept[to]!
      best.point.set(kept.subarray(to + 1, to + 1 + size))
    }
    return { steps: taken < 0 ? ~taken : taken, isSettled: taken < 0 }
  }

const descendLayers =
  (addon: Addon, base: Kernels): Kernels["descendLayers"] =>
  (run, steps, points, epsilon = []) => {
    const { matrices, noise, rate, targets, widths } = run
    let dimension = 0
    for (let j = 1; j < widths.length; j++) dimension += widths[j]! * widths[j - 1]!
    const isNoisy = noise > 0
    const drawn = joined(isNoisy ? epsilon : [], steps * targets.length)
    const isWhole = drawn !== undefined && (!isNoisy || epsilon.length === points.length)
    const taken = isWhole
      ? onPoints(points, dimension, (all) =>
          addon.descendLayers(
            steps,
            points.length,
            new Float64Array(widths),
            matrices,
            targets,
            noise,
            rate,
            all,
            drawn,
          ),
        )
      : null
    return taken ?? base.descendLayers(run, steps, points, epsilon)
  }

const perturbDiagonal =
  (addon: Addon, base: Kernels): Kernels["perturbDiagonal"] =>
  (run, steps, runs) => {
    const { gradientThreshold, labels, matrix, plainRate, radius, rate } = run
    const plain = () => base.perturbDiagonal(run, steps, runs)
    const fits = ({ indices, signs }: (typeof runs)[number]): boolean =>
      indices.length === steps && signs.length === steps
    if (runs.length === 0 || !runs.every(fits)) return plain()
    const indices = inRow(
      runs.map((each) => each.indices),
      Uint32Array,
    )
    const signs = inRow(
      runs.map((each) => each.signs),
      Float64Array,
    )
    const numbers = Float64Array.of(rate, plainRate, radius, gradientThreshold)
    const counts = new Float64Array(2 * runs.length)
    const points = runs.map(({ point }) => point)
    const taken = onPoints(points, (2 * matrix.length) / labels.length, (all) =>
      addon.perturbDiagonal(numbers, matrix, labels, indices, signs, all, counts),
    )
    return taken === null
      ? plain()
      : runs.map((_, r) => ({ steps: counts[2 * r]!, perturbed: counts[2 * r + 1]! }))
  }

const noisyPreactivations =
  (addon: Addon, base: Kernels): Kernels["noisyPreactivations"] =>
  (steps, gram, z, coefficients) => {
    const { batch, epsilon, indices, labels, neurons, rate, slope } = steps
    const taken =
      z.length === labels.length * neurons
        ? addon.noisyPreactivations(
            batch,
            slope,
            rate,
            gram,
            labels,
            indices,
            epsilon,
            z,
            coefficients,
          )
        : null
    return taken ?? base.noisyPreactivations(steps, gram, z, coefficients)
  }

/** Steps whose data and noise are given to the module at once: the copies of more would each be fresh memory. */
const atOnce = 1024

const noisyTogether =
  (addon: Addon, base: Kernels): Kernels["noisyTogether"] =>
  (network, gram, runs) => {
    const { labels, neurons, rate, slope } = network
    const size = labels.length * neurons
    const steps = runs[0]?.indices?.length
    const isFit = (run: (typeof runs)[number]) =>
      run.indices?.length === steps && run.epsilon.length === steps
    const [z, coefficients] = (["z", "coefficients"] as const).map((key) =>
      joined(
        runs.map((run) => run[key]),
        size,
      ),
    )
    // the embedded kernels say what is wrong, and share vectors where all see all data
    const plain = () => base.noisyTogether(network, gram, runs)
    if (steps === undefined || runs.length === 1 || !runs.every(isFit)) return plain()
    if (z === undefined || coefficients === undefined) return plain()
    const most = runs.length * Math.min(steps, atOnce)
    const [indices, epsilon] = [new Uint32Array(most), new Float64Array(most)]
    let [taken, count, done] = [0, 0, 0]
    do {
      count = Math.min(steps - taken, atOnce)
      for (let r = 0; r < runs.length; r++) {
        const { epsilon: noise, indices: data } = runs[r]!
        indices.set(data!.subarray(taken, taken + count), r * count)
        epsilon.set(noise.subarray(taken, taken + count), r * count)
      }
      const all = runs.length * count
      const answer = addon.noisyTogether(
        runs.length,
        slope,
        rate,
        gram,
        labels,
        indices.subarray(0, all),
        epsilon.subarray(0, all),
        z,
        coefficients,
      )
      if (answer === null) return plain()
      done = answer
      taken += done
    } while (done === count && taken < steps)
    for (const [r, run] of runs.entries()) {
      run.z.set(z.subarray(r * size, (r + 1) * size))
      run.coefficients.set(coefficients.subarray(r * size, (r + 1) * size))
    }
    return taken
  }

/** Those of the module by their numbers; undefined is slopes that are held. */
const kindsOfValues = [undefined, "identity", "relu", "square", "cube"]

/** Multiply-adds of a step below which a run of the embedded kernels ends before one of the module. */
const smallStep = 4096

/** What needs exponentials is left to single steps: the embedded kernels have them, and the module the products. */
const descendInSamples =
  (addon: Addon, base: Kernels, threads: number): Kernels["descendInSamples"] =>
  (run, steps, rate, losses, limits) => {
    const { adjoint, change, gram, moved, predictions, seen, slope, targets, value, weights, z } =
      run
    const kind = kindsOfValues.indexOf(run.activation)
    const isSmall = gram.length * weights.length < smallStep
    if (kind < 0 && !isSmall) return undefined
    const { above, atMost } = limits
    const taken =
      isSmall || losses.length < steps
        ? null
        : addon.descendSamples(
            Float64Array.of(kind, steps, run.scale, rate, run.factor, above, atMost),
            targets,
            gram,
            z,
            moved,
            value,
            slope,
            change,
            weights,
            seen,
            predictions,
            adjoint,
            losses,
            threads,
          )
    return taken ?? base.descendInSamples(run, steps, rate, losses, limits)
  }

/**
 * The runs that are compiled; the embedded kernels take what the module refuses, which has then changed nothing.
 *
 * @internal
 */
export const runs = (
  addon: Addon,
  base: Kernels,
  threads: number,
): Pick<
  Kernels,
  | "descend"
  | "descendInSamples"
  | "descendLayers"
  | "descendMonotone"
  | "descendQuadratic"
  | "noisyPreactivations"
  | "noisyTogether"
  | "perturbDiagonal"
> => ({
  descendQuadratic: (n, steps, rate, a, c, x, run) =>
    addon.descendQuadratic(
      n,
      steps,
      rate,
      a,
      c,
      x,
      run?.error ?? nothing,
      run?.pull?.strength ?? 0,
      run?.pull?.center ?? nothing,
      run?.acceleration?.ahead ?? nothing,
      run?.acceleration?.momenta ?? nothing,
    ) ?? base.descendQuadratic(n, steps, rate, a, c, x, run),
  descend: descend(addon, base),
  descendInSamples: descendInSamples(addon, base, threads),
  descendMonotone: descendMonotone(addon, base),
  descendLayers: descendLayers(addon, base),
  perturbDiagonal: perturbDiagonal(addon, base),
  noisyPreactivations: noisyPreactivations(addon, base),
  noisyTogether: noisyTogether(addon, base),
})
