/** The fixed schedule of the independent reproduction, with enough samples and with too few. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import { advance } from "@nonconvex/problems/Advance"
import { Count } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { catapultDescent } from "../../descent/CatapultDescent.ts"
import { milestones, reproductionRates } from "../../descent/RateControl.ts"
import { recalled } from "../support/Paper.ts"
import { lost, productTask } from "../support/ProductTask.ts"

const Columns = Schema.Struct({
  samples: Schema.Int,
  raises: Schema.Int,
  step: Schema.Int,
  loss: Schema.Number,
  learningRate: Schema.Number,
  alignment: Schema.Number,
  testLoss: Schema.Number,
  /** The last row of a run. */
  isEnd: Schema.Boolean,
  outcome: Schema.String,
})

type Row = typeof Columns.Type

/** Steps between two rows. */
const every = 20

const reference = {
  inputs: 100,
  width: 1024,
  rank: 2,
  samples: [1024, 128],
  raises: [0, 1, 3, 6],
  steps: 600,
}

const fast = {
  ...reference,
  inputs: 40,
  width: 384,
  samples: [448, 64],
  raises: [0, 1, 2],
  steps: 400,
}

const ends = (rows: ReadonlyArray<Row>, samples: number) =>
  rows.filter((row) => row.isEnd && row.samples === samples)

/** Number of steps after a raise within which its spike is expected. */
const soon = 100

/** Describes the spikes after raises in the drawn losses. */
const spikesIn = (rows: ReadonlyArray<Row>): string => {
  const runs = Summary.distinct(rows.map(({ raises, samples }) => `${samples} ${raises}`)).map(
    (run) => rows.filter(({ raises, samples }) => `${samples} ${raises}` === run),
  )
  const raised = runs.flatMap((run) => {
    const last = run.at(-1)!
    return reproductionRates
      .slice(1, last.raises + 1)
      .filter(([step]) => step < last.step)
      .map(([step]) => {
        const before = run.findLast((row) => row.step <= step)
        return run.some(
          (row) => row.step > step && row.step <= step + soon && !(row.loss <= before!.loss),
        )
      })
  })
  return `Each line is the loss at every ${every}th step of a run. After ${raised.filter(Boolean).length} of ${raised.length} raises of the learning rate the loss is higher within ${soon} steps; the others show no spike here.`
}

/** A network that diverged has no alignment. */
const isLost = ({ outcome }: Row): boolean => outcome === "diverged"

/** Describes the drawn alignments. */
const alignments = (rows: ReadonlyArray<Row>): string => {
  const drawn = `Each line is the alignment at every ${every}th step of a run.`
  return rows.some(isLost) ? `${drawn} Runs that diverge are not drawn.` : drawn
}

const aligned = (rows: ReadonlyArray<Row>) =>
  rows.some(isLost) ? ({ where: { outcome: ["running", "fitted", "budget"] } } as const) : {}

/** Layers that both figures share: a line at each raise. */
const frame = (rows: ReadonlyArray<Row>) =>
  ({
    x: { field: "step", title: "step" },
    series: { field: "raises", title: "raises" },
    panel: { field: "samples", title: "samples" },
    references: reproductionRates
      .slice(1, 1 + Summary.largest(rows.map(({ raises }) => raises)))
      .map(([step], k) => Figure.upright(`raise ${k + 1}`, step)),
  }) as const

export const rateSchedule = Experiment.table({
  id: "catapults/rate-schedule",
  title: "A schedule of learning-rate raises, with enough and with too few samples",
  source: recalled(
    "multiple catapults in gradient descent, with the learning rates of an independent reproduction",
  ),
  question:
    "Do more raises of a schedule learn the two directions better, and also with few samples?",
  paperScale:
    "The paper's sizes are unknown to us; an independent reproduction has 100 inputs, width 1024 and 1024 samples, as the paper preset has.",
  config: Schema.Struct({
    inputs: Count,
    width: Count,
    /** Number of coordinates whose product is the target. */
    rank: Count,
    /** Enough, and too few. */
    samples: Schema.Array(Count),
    raises: Schema.Array(
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: reproductionRates.length - 1 })),
    ),
    steps: Count,
  }),
  columns: Columns,
  presets: {
    smoke: { ...fast, inputs: 30, width: 128, samples: [256, 48], raises: [0, 2] },
    fast,
    paper: reference,
  },
  paperSeconds: 55,
  cases: ({ raises: counts, samples: sizes }) =>
    sizes.flatMap((samples) => counts.map((raises) => ({ samples, raises }))),
  row: ({ raises, samples }, { config, kernels, seed }) => {
    // the same data for every number of raises
    const task = productTask({ ...config, samples }, seed.child(samples), kernels)
    const method = catapultDescent({
      control: milestones(reproductionRates.slice(0, raises + 1)),
      tolerance: 1e-12,
      budget: config.steps,
    })
    const run = method.init({ model: task.network, loss: task.loss }, task.start)
    const look = (isEnd: boolean): Row => {
      const { learningRate, loss, outcome, steps: step } = run
      const quality = outcome === "diverged" ? lost : task.quality(run.descent.parameters())
      return { samples, raises, step, loss, learningRate, ...quality, isEnd, outcome }
    }
    const rows: Array<Row> = []
    while (run.outcome === "running") {
      advance(method, [run], every - (run.steps % every), { kernels })
      if (run.outcome === "running" && run.steps % every === 0) rows.push(look(false))
    }
    const end = look(true)
    return [...rows.filter(({ step }) => step < end.step), end]
  },
  figures: (rows) => [
    Figure.lines<Row>({
      ...frame(rows),
      ...aligned(rows),
      id: "alignment",
      title: "Alignment during training",
      caption: alignments(rows),
      y: { field: "alignment", title: "alignment with the true AGOP" },
    }),
    Figure.lines({
      ...frame(rows),
      id: "loss",
      title: "Training loss",
      caption: spikesIn(rows),
      y: { field: "loss", title: "training loss", scale: "log" },
    }),
  ],
  expectations: (rows, { samples }) => {
    // the rates of the later raises are far past what few samples bear
    const [enough, few] = [samples[0], samples[1]].map((count) =>
      ends(rows, count ?? 0).filter(({ outcome }) => outcome !== "diverged"),
    )
    const misalignment = (row: Row) => 1 - row.alignment
    const testLoss = (row: Row) => row.testLoss
    /** Each number of raises relative to the previous one. */
    const overFewer = (list: ReadonlyArray<Row>, field: (row: Row) => number) =>
      list.slice(1).map((row, k) => field(row) / field(list[k]!))
    /** Largest number of raises that a run survives, relative to none. */
    const overNone = (list: ReadonlyArray<Row>, field: (row: Row) => number) =>
      list.length < 2 ? [] : [field(list.at(-1)!) / field(list[0]!)]
    const withFew = (field: (row: Row) => number) => ({
      control: "too few samples",
      observed: overNone(few!, field),
    })
    const withEnough = (field: (row: Row) => number) => ({
      control: "enough samples",
      observed: overNone(enough!, field),
    })
    return [
      Expectation.atMost(
        "1 - alignment with one more raise / without it, enough samples",
        overFewer(enough!, misalignment),
        0.9,
        withFew(misalignment),
      ),
      Expectation.atMost(
        "Test loss with raises / without, enough samples",
        enough!.slice(1).map((row) => testLoss(row) / testLoss(enough![0]!)),
        0.9,
        withFew(testLoss),
      ),
      Expectation.atLeast(
        "1 - alignment with all survived raises / without, too few samples",
        overNone(few!, misalignment),
        0.9,
        withEnough(misalignment),
      ),
      Expectation.atLeast(
        "Test loss with all survived raises / without, too few samples",
        overNone(few!, testLoss),
        0.9,
        withEnough(testLoss),
      ),
    ]
  },
})
