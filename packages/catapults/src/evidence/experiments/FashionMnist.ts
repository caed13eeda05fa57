/** One catapult on real images, at rates from below the critical rate to far above it. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { descentOf } from "../../descent/Descent.ts"
import { isLost } from "../../descent/RunDiverged.ts"
import { normalStart, ntkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import { fashionPair } from "../support/FashionPair.ts"
import { recalled } from "../support/Paper.ts"
import { testedOn } from "../support/SignAccuracy.ts"

/** Eigenvectors of the top eigenspace; the paper shows one, and five (as recalled). */
const top = 5

const reference = {
  samples: 128,
  testSamples: 2000,
  width: 2048,
  multiples: [0.6, 0.9, 1.2, 1.5, 1.9, 2.5, 4, 6],
  tolerance: 1e-3,
  budget: 5000,
}

const quick = { ...reference, samples: 64, testSamples: 400, width: 1024, budget: 3000 }

const Columns = Schema.Struct({
  multiple: Schema.Finite,
  outcome: Schema.String,
  steps: Schema.Int,
  criticalRate: Schema.Finite,
  /** Peak loss over all steps; without a spike, the initial one. */
  peakLoss: Schema.Number,
  /** Share of the loss at the peak within the first and the first five eigenvectors. */
  topShare: Schema.Number,
  topFiveShare: Schema.Number,
  /** The largest loss outside the first five. */
  largestRest: Schema.Number,
  firstRest: Schema.Finite,
  kernelRatio: Schema.Number,
  testLoss: Schema.Number,
  accuracy: Schema.Number,
})

type Row = typeof Columns.Type

/** Rows below the critical rate, and rows above it that did not diverge. */
const partsOf = (rows: ReadonlyArray<Row>) => ({
  below: rows.filter(({ multiple }) => multiple < 1),
  past: rows.filter(({ multiple, outcome }) => multiple > 1.1 && outcome !== "diverged"),
})

const best = (rows: ReadonlyArray<Row>): number =>
  Summary.smallest(rows.map(({ testLoss }) => testLoss))

/** The smallest and the largest ratio of the kernel. */
const ratiosOf = (rows: ReadonlyArray<Row>): string => {
  const ratios = rows.map(({ kernelRatio }) => kernelRatio)
  return `${Summary.smallest(ratios).toPrecision(3)} to ${Summary.largest(ratios).toPrecision(3)}`
}

export const fashionMnist = Experiment.table({
  id: "catapults/fashion-mnist",
  title: "One catapult on images of clothes",
  source: recalled("single catapults of wide networks on pairs of image classes"),
  question:
    "Does the spike lie in the top eigenspace of the tangent kernel, does the kernel fall, and does the test loss improve?",
  paperScale:
    "The paper has deep fully connected and convolutional networks, a Wide-ResNet and a ViT on small parts of CIFAR-10 and SVHN (as recalled). Here a network has one hidden layer.",
  config: Schema.Struct({
    samples: Schema.Int.check(Schema.isGreaterThan(9)),
    testSamples: Count,
    width: Count,
    /** Learning rates over the critical one at the start. */
    multiples: Schema.Array(Positive),
    tolerance: Positive,
    budget: Count,
  }),
  columns: Columns,
  presets: {
    smoke: { ...quick, width: 512, multiples: [0.6, 0.9, 1.5], tolerance: 0.03 },
    fast: { ...quick, multiples: [0.6, 0.9, 1.2, 1.5, 1.9, 4], tolerance: 3e-3 },
    paper: reference,
  },
  paperSeconds: 30,
  cases: ({ multiples }) => multiples,
  prepare: ({ config: { samples, testSamples } }) =>
    fashionPair({ train: samples, test: testSamples }),
  row: (multiple, { config, kernels, seed, shared }) => {
    const { budget, tolerance, width } = config
    const { inputs, test, train } = shared
    const n = train.labels.length
    const architecture = ntkArchitecture({ widths: [inputs, width] })
    const loss = meanSquared(train.labels)
    const c = loss.factor(n)
    const start = normalStart(architecture, seed.child("start"))
    const network = ntkNetwork({ architecture, features: train.features, kernels })
    const descent = descentOf(network, loss, start)
    const kernel = new Float64Array(n * n)
    const look = () => {
      descent.tangentKernel(kernel)
      const pairs = TangentKernel.topOfKernel(kernel, n, { count: top, kernels })
      const residual = descent.predictions.map((f, i) => f - train.labels[i]!)
      return { ...TangentKernel.decompose(pairs, residual, c), first: pairs.values[0]! }
    }
    const first = descent.evaluate()
    const before = look()
    const critical = Theory.criticalRate(c, before.first)
    const rate = multiple * critical
    let [peakLoss, peak] = [first, before.shares]
    let largestRest = before.rest
    let last = first
    let steps = 0
    for (; steps < budget; steps++) {
      last = descent.evaluate()
      if (isLost(last, first) || last < tolerance) break
      // the spike is where the decomposition is looked at: from below the first loss it is over
      if (last > peakLoss) {
        const { rest, shares } = look()
        ;[peakLoss, peak] = [last, shares]
        largestRest = Math.max(largestRest, rest)
      }
      descent.move(rate)
    }
    const isOver = isLost(last, first)
    const outcome = isOver ? "diverged" : last < tolerance ? "fitted" : "budget"
    const predictions = new Float64Array(test.labels.length)
    if (!isOver) {
      const tested = ntkNetwork({ architecture, features: test.features, kernels })
      tested.predict(descent.parameters(), predictions)
    }
    return {
      multiple,
      outcome,
      steps,
      criticalRate: critical,
      peakLoss,
      topShare: peak[0]!,
      topFiveShare: peak[top - 1]!,
      largestRest,
      firstRest: before.rest,
      kernelRatio: isOver ? Number.NaN : look().first / before.first,
      ...testedOn(isOver ? undefined : predictions, test.labels),
    }
  },
  figures: (rows) => [
    Figure.lines({
      id: "test-loss",
      title: "Test loss by learning rate",
      caption: `The smallest test loss is ${best(partsOf(rows).below).toPrecision(3)} below the critical learning rate and ${best(partsOf(rows).past).toPrecision(3)} above it.`,
      x: { field: "multiple", title: "learning rate / critical learning rate" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      references: [Figure.upright("the critical rate", 1)],
    }),
    Figure.lines({
      id: "kernel",
      title: "The kernel after training",
      caption: `Ratio of the top eigenvalue at the end to that at the start: ${ratiosOf(partsOf(rows).below)} below the critical learning rate, ${ratiosOf(partsOf(rows).past)} above it.`,
      x: { field: "multiple", title: "learning rate / critical learning rate" },
      y: { field: "kernelRatio", title: "kernel ratio", scale: "log" },
      references: [Figure.upright("the critical rate", 1)],
    }),
  ],
  expectations: (rows) => {
    const { below, past } = partsOf(rows)
    const mild = past.filter(({ multiple }) => multiple <= 1.5)
    const rise = (some: ReadonlyArray<Row>) =>
      some.map(({ peakLoss }) => peakLoss / (below[0]?.peakLoss ?? Number.NaN))
    const shares = (some: ReadonlyArray<Row>) => some.map(({ topFiveShare }) => topFiveShare)
    const kernels = (some: ReadonlyArray<Row>) => some.map(({ kernelRatio }) => kernelRatio)
    const calm = "below the critical learning rate"
    const thrown = "above the critical learning rate"
    // that nearest to the critical rate, against those farther from it
    const [nearest, others] = [below.slice(-1), below.slice(0, -1)]
    return [
      Expectation.atLeast(
        "Peak loss above the critical learning rate / peak loss far below it",
        rise(past),
        2,
        {
          control: calm,
          observed: rise(below),
        },
      ),
      Expectation.atLeast(
        "Share of the peak loss in the first five eigenvectors",
        shares(past),
        0.97,
        { control: calm, observed: shares(below) },
      ),
      Expectation.atMost(
        "Loss of small catapults outside of these eigenvectors, maximum / initial",
        mild.map(({ firstRest, largestRest }) => largestRest / firstRest),
        2,
        { control: "the whole loss instead", observed: rise(mild) },
      ),
      Expectation.within(
        "Final kernel / initial kernel, below the critical learning rate",
        kernels(below),
        1,
        { absolute: 0.15 },
        { control: thrown, observed: kernels(past) },
      ),
      Expectation.atMost(
        "Final kernel / initial kernel, above the critical learning rate",
        kernels(past),
        0.9,
        {
          control: calm,
          observed: kernels(below),
        },
      ),
      Expectation.atMost(
        "Best test loss, small catapults / just below the critical learning rate",
        best(past.filter(({ multiple }) => multiple <= 1.9)) / best(nearest),
        0.9,
        {
          control: "a larger learning rate below the critical one",
          observed: best(nearest) / best(others),
        },
      ),
    ]
  },
})
