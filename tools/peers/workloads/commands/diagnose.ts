/** The command `diagnose` on logs of a small network: some quiet, some with bad batches, a raised rate or a loss that is no number. */
import { diagnoseLog } from "@nonconvex/catapults"
import { numbers } from "../../src/Numbers.ts"
import type { Parameters, Workload } from "../../src/Workload.ts"

const [inputs, hidden, samples, batch] = [8, 12, 128, 16]

/** What is done to a log, in turn: the Python side does the same. */
const causes = ["quiet", "data", "instability", "numbers"] as const
type Cause = (typeof causes)[number]

interface Log {
  readonly cause: Cause
  readonly losses: Float64Array
  readonly learningRates: Float64Array
  readonly gradientNorms: Float64Array
}

/** SGD on `v . tanh(W x)` with squared errors; the Python side trains the same. */
const trained = (k: number, steps: number): Log => {
  const cause = causes[k % causes.length]!
  const features = numbers(samples * inputs, 10 * k + 1).map((x) => 3 * x)
  const targets = Float64Array.from({ length: samples }, (_, i) =>
    Math.sin(features[i * inputs]! + features[i * inputs + 1]!),
  )
  const w = numbers(hidden * inputs, 10 * k + 2)
  const v = numbers(hidden, 10 * k + 3)
  const order = numbers(steps * batch, 10 * k + 4)
  const at = Math.floor(steps / 2) + (k % 17)
  const [losses, rates, norms] = Array.from({ length: 3 }, () => new Float64Array(steps))
  const [gw, gv, a] = [w.slice(), v.slice(), v.slice()]
  for (let t = 0; t < steps; t++) {
    const rate = cause === "instability" && t >= at ? 3 : 0.05
    const sign = cause === "data" && t === at ? -4 : 1
    gw.fill(0)
    gv.fill(0)
    let loss = 0
    for (let b = 0; b < batch; b++) {
      const i = Math.floor((order[t * batch + b]! + 0.5) * samples)
      let f = 0
      for (let j = 0; j < hidden; j++) {
        let z = 0
        for (let d = 0; d < inputs; d++) z += w[j * inputs + d]! * features[i * inputs + d]!
        a[j] = Math.tanh(z)
        f += v[j]! * a[j]!
      }
      const error = f - sign * targets[i]!
      loss += error ** 2 / batch
      for (let j = 0; j < hidden; j++) {
        const along = (2 * error) / batch
        gv[j]! += along * a[j]!
        const back = along * v[j]! * (1 - a[j]! ** 2)
        for (let d = 0; d < inputs; d++) gw[j * inputs + d]! += back * features[i * inputs + d]!
      }
    }
    const squared = gw.reduce((sum, g) => sum + g * g, 0) + gv.reduce((sum, g) => sum + g * g, 0)
    const isLost = cause === "numbers" && t >= at
    losses![t] = isLost ? Number.NaN : loss
    norms![t] = isLost ? Number.NaN : Math.sqrt(squared)
    rates![t] = rate
    for (let j = 0; j < w.length; j++) w[j]! -= rate * gw[j]!
    for (let j = 0; j < v.length; j++) v[j]! -= rate * gv[j]!
  }
  return { cause, losses: losses!, learningRates: rates!, gradientNorms: norms! }
}

const causeOf: Readonly<Record<string, Cause | undefined>> = {
  catapult: "instability",
  divergence: "instability",
  instability: "instability",
  "data spike": "data",
  "numeric failure": "numbers",
}

type Columns = "losses" | "learningRates" | "gradientNorms"

const share = (flags: ReadonlyArray<boolean>) =>
  (100 * flags.filter(Boolean).length) / Math.max(1, flags.length)

const diagnose =
  (columns: ReadonlyArray<Columns>) =>
  ({ logs, steps }: Parameters) => {
    const all = Array.from({ length: logs! }, (_, k) => trained(k, steps!))
    let found: ReadonlyArray<number> = []
    return {
      run: () => {
        const said = all.map(({ losses, ...log }) => {
          const shown = Object.fromEntries(
            columns.flatMap((name) => (name === "losses" ? [] : [[name, log[name]]])),
          )
          const { events } = diagnoseLog({
            steps: losses.map((_, t) => t),
            losses,
            ...shown,
            optimizer: { name: "sgd" },
            batch,
          })
          return { cause: log.cause, kinds: events.map(({ kind }) => causeOf[kind]), events }
        })
        const [quiet, faulty] = [true, false].map((isQuiet) =>
          said.filter(({ cause }) => (cause === "quiet") === isQuiet),
        )
        found = [
          share(faulty!.map(({ events }) => events.length > 0)),
          share(quiet!.map(({ events }) => events.length > 0)),
          share(faulty!.map(({ cause, kinds }) => kinds.includes(cause))),
          share(
            said.map(({ cause, kinds }) =>
              kinds.some((kind) => kind !== undefined && kind !== cause),
            ),
          ),
        ]
      },
      result: () => found,
    }
  }

export const workload: Workload = {
  cases: [20, 80, 320].map((logs) => ({
    name: `diagnose, ${logs} logs of 400 steps`,
    parameters: { logs, steps: 400 },
    family: { work: "diagnose", by: "logs", size: logs },
    figures: [
      "% of faults found",
      "% of quiet logs alarmed",
      "% of causes named",
      "% of causes wrong",
    ],
  })),
  implementations: [
    { name: "diagnose, losses alone", own: true, prepare: diagnose(["losses"]) },
    {
      name: "diagnose, with rate and gradient norm",
      own: true,
      prepare: diagnose(["losses", "learningRates", "gradientNorms"]),
    },
  ],
}
