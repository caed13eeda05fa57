/** Few conditions that give the same bound: a readable proof, whose multipliers are often unique. */
import type { Face } from "./Face.ts"
import * as Semidefinite from "../semidefinite/Semidefinite.ts"

/** Relative increase of the bound allowed when conditions are dropped; it exceeds the error of the solver. */
const same = 1e-8

/** Maximum number of programs to solve. */
const attempts = 60

/** The program with some of its inequalities. */
const restricted = (
  problem: Semidefinite.Problem,
  kept: ReadonlyArray<number>,
): Semidefinite.Problem => {
  const width = problem.cost.length
  const rows = new Float64Array(kept.length * width)
  kept.forEach((k, i) => rows.set(problem.rows.subarray(k * width, (k + 1) * width), i * width))
  return {
    ...problem,
    rows,
    bounds: Float64Array.from(kept, (k) => problem.bounds[k]!),
    inequalities: kept.length,
  }
}

interface Kept {
  readonly kept: ReadonlyArray<number>
  readonly solved: Semidefinite.Solved
}

const solve = (
  problem: Semidefinite.Problem,
  kept: ReadonlyArray<number>,
  options: Semidefinite.Options,
): Kept | undefined => {
  const solved = Semidefinite.solve(restricted(problem, kept), options)
  return "dualObjective" in solved && solved.gap < 1e-7 && solved.dualResidual < 1e-7
    ? { kept, solved }
    : undefined
}

/** Essential conditions of a face: drops conditions with the smallest multipliers by halves while the bound is unchanged. */
export const conditions = (
  { kept: all, problem }: Face,
  options: Semidefinite.Options,
): ReadonlyArray<number> => {
  let best = solve(problem, [...problem.bounds.keys()], options)
  if (best === undefined) return all
  const bound = best.solved.dualObjective
  const needed = new Set<number>()
  let size = Math.ceil(best.kept.length / 2)
  for (let count = 0; count < attempts; count++) {
    const { kept, solved } = best
    const candidates = kept
      .map((k, i) => [k, -solved.multipliers[i]!] as const)
      .filter(([k]) => !needed.has(k))
      .toSorted(([, a], [, b]) => a - b)
      .slice(0, size)
      .map(([k]) => k)
    if (candidates.length === 0) break
    const without = new Set(candidates)
    const next = solve(
      problem,
      kept.filter((k) => !without.has(k)),
      options,
    )
    const isSame =
      next !== undefined &&
      Math.abs(next.solved.dualObjective - bound) <= same * Math.max(Math.abs(bound), 1e-3)
    if (isSame) {
      best = next
      size = Math.max(1, Math.min(size, Math.ceil((next.kept.length - needed.size) / 2)))
    } else if (candidates.length === 1) {
      needed.add(candidates[0]!)
    } else {
      size = Math.max(1, Math.floor(candidates.length / 2))
    }
  }
  return best.kept.map((k) => all[k]!)
}
