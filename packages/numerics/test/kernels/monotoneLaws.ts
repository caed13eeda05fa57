/** What must hold of runs in bilinear games: the compiled kernels give the bits of the plain loops, and stop where these do. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const upTo = (max: number) => fc.integer({ min: 1, max })

const set = fc.record({
  kind: fc.constantFrom<Array<Kernels.MonotoneSet["kind"]>>("whole", "ball", "simplex"),
  extent: fc.constantFrom<Array<number>>(1, 0.3, 10, 0),
})

const run = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom<Array<number>>(0, 0, 0, 3, 100),
  rows: upTo(9),
  columns: upTo(9),
  runs: upTo(5),
  sets: fc.tuple(set, set),
  count: fc.nat(30),
  // on a grid coordinates are alike, and thresholds lie on them
  grid: fc.constantFrom<Array<number>>(0, 0, 0.25),
  isExtra: fc.boolean(),
  isFresh: fc.boolean(),
  isPulled: fc.boolean(),
  isOff: fc.boolean(),
  step: fc.constantFrom<Array<number>>(0.01, 0.3, 4),
  strength: fc.constantFrom<Array<number>>(0, 0.1, 2),
  until: fc.constantFrom<Array<number>>(-1, -1, 0.3),
  modulus: fc.constantFrom<Array<number>>(0, 0.1, 3),
  doubt: fc.constantFrom<Array<number>>(Number.NaN, Number.NaN, 0.2),
  goal: fc.constantFrom<Array<number>>(-1, 0.5, 2),
  slack: fc.constantFrom<Array<number>>(0, 0.1),
  accuracy: fc.constantFrom<Array<number>>(-1, -1, 0.3, 3, 30),
})

export const monotoneLaws: ReadonlyArray<Law> = [
  law(
    "descendMonotone: the bits of the plain loops, and as many steps, by both builds",
    fc.property(run, ({ columns, count, grid, isFresh, isOff, isPulled, rows, runs, ...drawn }) => {
      const isBounded = drawn.sets.every(({ kind }) => kind !== "whole")
      const given = { ...drawn, accuracy: isBounded ? drawn.accuracy : -1 }
      const size = rows + columns
      const queries = given.isExtra ? 2 * count : count
      const begin = () =>
        Array.from({ length: runs }, (_, r) => {
          const of = (name: string, length: number) =>
            doubles(given, `${name} ${r}`, length).map((x) =>
              grid > 0 ? grid * Math.round(x / grid) : x,
            )
          return {
            matrix: of("matrix", rows * columns),
            saddle: isOff ? of("saddle", size) : new Float64Array(size),
            center: isPulled ? of("center", size) : undefined,
            errors: of("errors", isFresh ? queries * size : size),
            point: of("point", size),
            mean: { sum: of("sum", size), compensation: of("compensation", size) },
            best: { residual: r === 0 ? 0.4 : Infinity, point: of("best", size) },
          }
        })
      const [first, ...others] = [
        Kernels.reference(),
        Kernels.strict(),
        RelaxedKernels.relaxed(),
      ].map((kernels) => {
        const all = begin()
        const taken = kernels.descendMonotone({ ...given, rows, columns }, count, all)
        const ends = all.flatMap(({ best, mean, point }) => [
          best.residual,
          ...best.point,
          ...point,
          ...mean.sum,
          ...mean.compensation,
        ])
        return [taken.steps, Number(taken.isSettled), ...ends]
      })
      for (const other of others) same("run", other, first!)
    }),
  ),
]
