/** The public protocol of deep matrix factorisation: 100 x 100 matrices of rank 5, completion and sensing, small starts. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { Schema } from "effect"
import { completion, deepFactorisation, measure, minimiseNuclearNorm } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { pairs } from "../support/Combinations.ts"
import { groupRmsprop } from "../support/GroupRmsprop.ts"
import { gaussianMeasurements, lowRank } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { type Measurements } from "../../measurements/Measurements.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Initialisation from "../../factorisation/Initialisation.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

/** Columns that identify a task. */
const problem = {
  kind: Schema.Literals(["completion", "sensing"]),
  size: Count,
  rank: Count,
  measurements: Count,
}

const Task = Schema.Struct({
  ...problem,
  /** True if the least nuclear norm is computed as well. */
  reference: Schema.Boolean,
  /** Depths and the size of the product to start from. */
  descents: Schema.Array(
    Schema.Struct({ depth: Schema.Int.check(Schema.isGreaterThan(1)), initial: Positive }),
  ),
  learningRate: Positive,
  steps: Count,
})

type Task = typeof Task.Type

type Descent = Task["descents"][number]

const Config = Schema.Struct({
  tasks: Schema.Array(Task),
  /** Training loss to stop at. */
  tolerance: Positive,
  records: Count,
})

type Config = typeof Config.Type

const Row = Schema.Struct({
  task: Schema.String,
  ...problem,
  method: Schema.String,
  /** Number of layers and size of the initial product; 0 without descent. */
  depth: Schema.Int,
  initial: Schema.Number,
  step: Schema.Int,
  loss: Schema.Number,
  /** `|X - M*|_F / |M*|_F`. */
  error: Schema.Number,
  nuclear: Schema.Number,
  truth: Schema.Number,
})

type Row = typeof Row.Type

const nameOf = ({ kind, measurements, rank, size }: Task): string =>
  `${kind} of ${size} x ${size}, rank ${rank}, ${measurements} measurements`

const methodOf = ({ depth, initial }: Descent): string => `${depth} layers from ${initial}`

/** The control: with a start of the size of the matrix descent has no reason to find it. */
const largeStart: Descent = { depth: 2, initial: 1 }

const isLarge = ({ initial }: Pick<Descent, "initial">): boolean => initial >= largeStart.initial

const descentsOf = (
  depths: ReadonlyArray<number>,
  initials: ReadonlyArray<number>,
): ReadonlyArray<Descent> => [
  ...pairs(initials, depths).map(([initial, depth]) => ({ depth, initial })),
  largeStart,
]

const design = (task: Task, seed: Seed.Seed, kernels: Kernels.Kernels): Measurements => {
  const { kind, measurements, size } = task
  if (kind === "completion") {
    const chosen = RandomStream.make(seed)
      .permutation(size * size)
      .subarray(0, measurements)
    const entries = Array.from(chosen, (at) => [Math.floor(at / size), at % size] as const)
    return completion({ rows: size, columns: size, entries, kernels })
  }
  // entries of deviation 1 / size, for targets of the size of an entry
  return gaussianMeasurements(size, size, measurements, seed, kernels).sandwiched(
    Matrix.identity(size, 1 / size),
    Matrix.identity(size),
  )
}

const leastNuclearNorm = "least nuclear norm"

/** The matrix of a task, its measurements, and the rows that report on an answer. */
const pose = (task: Task, seed: Seed.Seed, kernels: Kernels.Kernels) => {
  const { kind, measurements: count, rank, size } = task
  const truth = lowRank(size, size, rank, seed.child("M"), kernels)
  Vector.scale(size / Vector.norm(truth), truth)
  const measurements = design(task, seed.child("A"), kernels)
  const targets = measure(measurements, truth)
  const common = {
    task: nameOf(task),
    kind,
    size,
    rank,
    measurements: count,
    truth: Matrix.nuclearNorm(truth, size, size, kernels),
  }
  return {
    measurements,
    targets,
    answer: (x: Float64Array) => {
      const misfit = measure(measurements, x)
      Vector.axpy(-1, targets, misfit)
      return {
        ...common,
        loss: Vector.dot(misfit, misfit) / measurements.count,
        error: Vector.distance(x, truth) / size,
        nuclear: Matrix.nuclearNorm(x, size, size, kernels),
      }
    },
  }
}

const few = {
  kind: "completion",
  size: 100,
  rank: 5,
  measurements: 2000,
  reference: true,
  descents: descentsOf([2, 3, 4], [1e-3, 1e-6]),
  learningRate: 1e-3,
  steps: 1_000_000,
} as const

export const peerProtocol = Experiment.table({
  id: "matrix-factorization/peer-protocol",
  title: "Small starts in deep factorisations compared with the smallest nuclear norm",
  source: derived("protocol of the public code of deep matrix factorisation, as recalled"),
  question:
    "From small starts, how close do two, three and four layers come to the true matrix, compared with the smallest nuclear norm?",
  paperScale:
    "The public code has matrices of 100 x 100 and rank 5 and up to a million steps (as recalled); the paper preset does too for completion. Its sensing uses 50 x 50 and rank 3, since at 100 x 100 each step reads 160 MB twice and each start takes hours.",
  config: Config,
  columns: Row,
  presets: {
    smoke: {
      tasks: [
        {
          ...few,
          size: 30,
          rank: 2,
          measurements: 500,
          descents: descentsOf([2, 3], [1e-3]),
          learningRate: 0.03,
          steps: 1500,
        },
      ],
      tolerance: 1e-6,
      records: 10,
    },
    fast: {
      tasks: [
        { ...few, descents: descentsOf([2, 3], [1e-3]), learningRate: 0.03, steps: 3000 },
        {
          ...few,
          measurements: 5000,
          descents: descentsOf([2, 3], [1e-3]),
          learningRate: 0.03,
          steps: 3000,
        },
        {
          ...few,
          kind: "sensing",
          size: 30,
          rank: 2,
          measurements: 400,
          descents: descentsOf([2, 3], [1e-3]),
          learningRate: 0.03,
          steps: 3000,
        },
      ],
      tolerance: 1e-6,
      records: 20,
    },
    paper: {
      tasks: [
        few,
        { ...few, measurements: 5000 },
        { ...few, kind: "sensing", size: 50, rank: 3, measurements: 600 },
      ],
      tolerance: 1e-6,
      records: 500,
    },
  },
  paperSeconds: 4000,
  isResumable: true,
  cases: ({ tasks }) =>
    tasks.flatMap((task) => [
      ...(task.reference ? [{ task, descent: undefined }] : []),
      ...task.descents.map((descent) => ({ task, descent })),
    ]),
  row: ({ descent, task }, { config, kernels, resume, seed, snapshot }) => {
    const { learningRate, size, steps } = task
    const own = seed.child(nameOf(task))
    const { answer, measurements, targets } = pose(task, own, kernels)
    if (descent === undefined) {
      const { matrix } = minimiseNuclearNorm(measurements, targets, { tolerance: 1e-8 })
      return { method: leastNuclearNorm, depth: 0, initial: 0, step: 0, ...answer(matrix) }
    }
    const { depth, initial } = descent
    const { widths } = Factorisation.uniformShape(size, size, depth)
    const objective = deepFactorisation({ measurements, targets, widths })
    const start = Initialisation.gaussian(objective.shape, {
      scale: Elementary.pow(initial, 1 / depth),
      seed: own.child("start"),
    })
    const method = gradientMethod(groupRmsprop({ learningRate, decay: 0.99, epsilon: 1e-4 }))
    const every = Math.max(1, Math.round(steps / config.records))
    const rows: Array<Row> = []
    const from = method.init(objective, start)
    const whole = { rows, from }
    resume(whole)
    for (const { state, step } of trajectory(method, objective, start, { steps, every, from })) {
      // the row of the first waypoint came with the snapshot
      if (step === rows.at(-1)?.step) continue
      const product = Factorisation.endToEnd(objective.shape, state.point, kernels)
      rows.push({ method: methodOf(descent), depth, initial, step, ...answer(product) })
      if (rows.at(-1)!.loss <= config.tolerance) break
      snapshot(whole)
    }
    return rows
  },
  figures: (rows) => {
    const largest = Summary.largest(rows.map(({ step }) => step))
    // it takes no steps: its error stands beside those of all steps
    const drawn = rows.flatMap((row) =>
      row.method === leastNuclearNorm ? [0, largest].map((step) => ({ ...row, step })) : [row],
    )
    return [
      Figure.lines({
        id: "error",
        title: "Error of the recovered matrix",
        conclusion:
          "From small starts, two layers end near the smallest nuclear norm, closer to the true matrix the smaller the start; deeper networks recover it more exactly. From a large start they interpolate but end far from the true matrix.",
        rows: drawn.map(({ kind, measurements, size, ...row }) => ({
          ...row,
          task: `${kind}, ${size} x ${size}, ${measurements}`,
        })),
        x: { field: "step", title: "step" },
        y: { field: "error", title: "relative error", scale: "log", floor: 1e-9 },
        series: { field: "method", title: "method" },
        panel: { field: "task", title: "task, size and measurements" },
      }),
    ]
  },
  expectations: (rows, { tasks }) =>
    tasks.flatMap((task) => {
      const name = nameOf(task)
      const ofTask = rows.filter(
        ({ kind, measurements, rank, size }) =>
          kind === task.kind &&
          size === task.size &&
          rank === task.rank &&
          measurements === task.measurements,
      )
      const least = ofTask.find(({ method }) => method === leastNuclearNorm)
      const rowsOf = (descent: Descent) =>
        ofTask.filter(
          ({ depth, initial }) => depth === descent.depth && initial === descent.initial,
        )
      const largeRows = ofTask.filter((row) => row.depth > 0 && isLarge(row))
      const large = (field: "nuclear" | "error") => ({
        control: "a start as large as the matrix",
        observed: largeRows.slice(-1).map((row) => row[field]),
      })
      return [
        Expectation.atMost(
          `smallest nuclear norm, at most that of the true matrix (${name})`,
          least?.nuclear ?? Number.NaN,
          (least?.truth ?? Number.NaN) * (1 + 1e-6),
          large("nuclear"),
        ),
        ...task.descents.flatMap((descent) => {
          const method = methodOf(descent)
          const own = rowsOf(descent)
          const end = own.at(-1)
          const fits = Expectation.atMost(
            `${method}: final loss (${name})`,
            end?.loss ?? Number.NaN,
            1e-4,
            { control: "before the first step", observed: own.slice(0, 1).map(({ loss }) => loss) },
          )
          if (isLarge(descent)) return [fits]
          // over eight problems with 2000 entries two layers ended 1.2 % to 1.6 % above the least norm, and 0.012 nearer to 0.043 farther
          const near =
            descent.depth === 2
              ? [
                  Expectation.atMost(
                    `${method}: final nuclear norm (${name})`,
                    end?.nuclear ?? Number.NaN,
                    1.02 * (least?.nuclear ?? Number.NaN),
                    large("nuclear"),
                  ),
                  Expectation.within(
                    `${method}: final error, as that of the smallest nuclear norm (${name})`,
                    end?.error ?? Number.NaN,
                    least?.error ?? Number.NaN,
                    { absolute: 0.05 },
                    large("error"),
                  ),
                ]
              : [
                  Expectation.atMost(
                    `${method}: final error (${name})`,
                    end?.error ?? Number.NaN,
                    0.02,
                    large("error"),
                  ),
                ]
          return [fits, ...near]
        }),
      ]
    }),
})
