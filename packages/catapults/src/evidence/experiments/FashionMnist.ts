/** One catapult on real images, from below the critical rate to far past it. */
import { Expectation, Experiment, Figure, Summary } from "@nonconvex/evidence"
import { Count, Positive } from "@nonconvex/evidence/Fields"
import { Schema } from "effect"
import { recalled } from "../support/Paper.ts"
import { descentOf } from "../../descent/Descent.ts"
import { isLost } from "../../descent/RunDiverged.ts"
import { normalStart, ntkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import { testedOn } from "../support/SignAccuracy.ts"
import { fashionPair } from "../support/FashionPair.ts"

const missing = { kernelRatio: Number.NaN, testLoss: Number.NaN }

/** Eigenvectors of the top eigenspace; the paper shows one, and five (as recalled). */
const top = 5

const reference = {
  samples: 128,
  testSamples: 2000,
  width: 2048,
  multiples: [0.9, 1.2, 1.5, 1.9, 2.5, 4, 6],
  tolerance: 1e-3,
  budget: 5000,
}

const quick = { ...reference, samples: 64, testSamples: 400, width: 1024, budget: 3000 }

export const fashionMnist = Experiment.table({
  id: "catapults/fashion-mnist",
  title: "One catapult on images of clothes",
  source: recalled("single catapults of wide networks on pairs of image classes"),
  question:
    "Is the spike within the top eigenspace of the tangent kernel, does the kernel fall, and is that good for the test loss?",
  paperScale:
    "The paper has deep fully connected and convolutional networks, a Wide-ResNet and a ViT on small parts of CIFAR-10 and SVHN (as recalled); this is one hidden layer.",
  config: Schema.Struct({
    samples: Schema.Int.check(Schema.isGreaterThan(9)),
    testSamples: Count,
    width: Count,
    /** Learning rates over the critical one at the start. */
    multiples: Schema.Array(Positive),
    tolerance: Positive,
    budget: Count,
  }),
  columns: Schema.Struct({
    multiple: Schema.Finite,
    outcome: Schema.String,
    steps: Schema.Int,
    criticalRate: Schema.Finite,
    peakLoss: Schema.Number,
    /** Of the loss at the peak, within the first and the first five eigenvectors. */
    topShare: Schema.Number,
    topFiveShare: Schema.Number,
    /** The largest loss outside the first five. */
    largestRest: Schema.Number,
    firstRest: Schema.Finite,
    kernelRatio: Schema.Number,
    testLoss: Schema.Number,
    accuracy: Schema.Number,
  }),
  presets: {
    smoke: { ...quick, width: 512, multiples: [0.9, 1.5], tolerance: 0.03 },
    fast: { ...quick, multiples: [0.9, 1.2, 1.5, 1.9, 4], tolerance: 3e-3 },
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
  figures: () => [
    Figure.lines({
      id: "test-loss",
      title: "Test loss by learning rate",
      caption:
        "Past the critical rate the test loss falls to an optimum, and rises again where the catapult is too large.",
      x: { field: "multiple", title: "learning rate over the critical one" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
    }),
    Figure.lines({
      id: "kernel",
      title: "The kernel after training",
      caption:
        "Top eigenvalue at the end over that at the start: below the critical rate it stays, past it it falls.",
      x: { field: "multiple", title: "learning rate over the critical one" },
      y: { field: "kernelRatio", title: "kernel ratio", scale: "log" },
    }),
  ],
  expectations: (rows) => {
    const past = rows.filter(({ multiple, outcome }) => multiple > 1.1 && outcome !== "diverged")
    const peaks = past.map(({ peakLoss }) => peakLoss)
    const kernels = past.map(({ kernelRatio }) => kernelRatio)
    const below = rows.find(({ multiple }) => multiple < 1) ?? missing
    const mild = past.filter(({ multiple }) => multiple <= 1.9)
    return [
      Expectation.atLeast("Runs past the critical rate spike", peaks, 2),
      Expectation.atLeast(
        "At the peak the first five eigenvectors have nearly all of the loss",
        past.map(({ topFiveShare }) => topFiveShare),
        0.97,
      ),
      Expectation.atMost(
        "Small catapults leave the rest of the loss as it was",
        mild
          .filter(({ multiple }) => multiple <= 1.5)
          .map(({ firstRest, largestRest }) => largestRest / firstRest),
        2,
      ),
      Expectation.within("Below the critical rate the kernel stays", below.kernelRatio, 1, {
        absolute: 0.15,
      }),
      Expectation.atMost("Past it the kernel falls", kernels, 0.9),
      Expectation.increasing("Small catapults lower the test loss", [
        ["best past", Summary.smallest(mild.map(({ testLoss }) => testLoss))],
        ["below", below.testLoss],
      ]),
    ]
  },
})
