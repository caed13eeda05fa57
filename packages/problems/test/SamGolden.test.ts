/** Trajectories of SAM and USAM from an independent implementation, to 1e-12. */
import { quadraticFromMatrix, scalarFactorisation, sgd } from "../src/index.ts"
import { describe, it } from "vitest"
import { sam, usam } from "../src/index.ts"
import { assertClose, run } from "./support/Runs.ts"

const problems = {
  quadratic: {
    objective: quadraticFromMatrix(Float64Array.of(3, 1, 0, 1, 2, 0.5, 0, 0.5, 1)),
    start: [1, -2, 0.5],
    learningRate: 0.1,
    radius: 0.5,
  },
  factorisation: {
    objective: scalarFactorisation(),
    start: [2, 3],
    learningRate: 0.0625,
    radius: 0.25,
  },
  "factorisation of 1": {
    objective: scalarFactorisation(1),
    start: [3, 0.5],
    learningRate: 0.0625,
    radius: 0.25,
  },
} as const

const golden: ReadonlyArray<{
  readonly problem: keyof typeof problems
  readonly method: "sam" | "usam"
  readonly path: ReadonlyArray<ReadonlyArray<number>>
}> = [
  {
    problem: "quadratic",
    method: "sam",
    path: [
      [0.8957892403946675, -1.6449955674986807, 0.5815806970399945],
      [0.7698620391698495, -1.3650546296344763, 0.6330601530348113],
      [0.6440371485498018, -1.1382589359121091, 0.660979830799304],
    ],
  },
  {
    problem: "quadratic",
    method: "usam",
    path: [
      [0.8875, -1.4875, 0.64375],
      [0.68203125, -1.190625, 0.702890625],
      [0.535552734375, -0.966533203125, 0.7204482421875],
    ],
  },
  {
    problem: "factorisation",
    method: "sam",
    path: [
      [0.6405154716078751, 2.0436222656480862],
      [0.39395853871960873, 1.9413080753435288],
      [0.23564736516467674, 1.8905025609558965],
    ],
  },
  {
    problem: "factorisation",
    method: "usam",
    path: [
      [-12.625, -12.84375],
      [9173976.18494882, 9325214.661627859],
    ],
  },
  {
    problem: "factorisation of 1",
    method: "sam",
    path: [
      [2.9407163265550715, 0.25852138880196796],
      [2.941292542149991, 0.43589901149546934],
      [2.8971184850437877, 0.2433519248009872],
    ],
  },
  {
    problem: "factorisation of 1",
    method: "usam",
    path: [
      [2.90814208984375, 0.178497314453125],
      [2.8921619413575987, 0.4480446746846503],
      [2.8534243799977657, 0.27685078548373265],
    ],
  },
]

describe.each(golden)("$method on $problem", ({ method, path, problem }) => {
  const { learningRate, objective, radius, start } = problems[problem]
  const make = method === "sam" ? sam : usam

  it.each(path.map((point, t) => ({ point, steps: t + 1 })))("step $steps", ({ point, steps }) => {
    const state = run(make({ radius, base: sgd({ learningRate }) }), objective, start, steps)
    assertClose(state.point, point, 1e-12)
  })
})
