/** The certificate of a loss that a program answers for. */
import { certifyOracle, measureOracle, system } from "@nonconvex/flat-minima/operations"
import { operate } from "@nonconvex/runner/Operations"
import { quote } from "@nonconvex/datasets/Quote"
import { openOracle, type Oracle } from "@nonconvex/interchange/node"
import * as RemoteObjective from "@nonconvex/problems/RemoteObjective"
import { Duration, Effect } from "effect"
import { Misfit, reported } from "../../cli/Failure.ts"
import * as Outside from "../../networks/outside/Outside.ts"
import type { Input } from "./CertifyFlags.ts"
import * as CertifyReport from "./CertifyReport.ts"
import * as Measured from "./Measured.ts"
import * as MeasureReport from "./MeasureReport.ts"
import * as Phases from "./Phases.ts"
import * as TimeLimit from "./TimeLimit.ts"

/** Flags that apply only to networks. */
const ofNetworks = ({
  by,
  data,
  descend,
  file,
  outside,
}: Input): ReadonlyArray<readonly [string, boolean]> => [
  ["oracle", file !== undefined],
  ["target", data.target !== undefined],
  ["task", data.task !== undefined],
  ["delimiter", data.spelling.delimiter !== undefined],
  ["decimal", data.spelling.decimal !== undefined],
  ["encoding", data.spelling.encoding !== undefined],
  ["ignore", data.ignore.length > 0],
  ["keep", data.keep.length > 0],
  ["category", data.category.length > 0],
  ["ordinal", data.ordinal.length > 0],
  ["test-fraction", data.testFraction !== undefined],
  ["descend", descend !== undefined],
  ["by", by !== undefined],
  ...Outside.given(outside).map((flag) => [flag, true] as const),
]

/** Program named by `--oracle`; fails with Misfit if other flags do not apply to it. */
export const asked = Effect.fnUntraced(function* (input: Input) {
  const { oracle, oracleTimeout, products } = input
  if (oracle === undefined) {
    if (products !== undefined) return yield* new Misfit({ flag: "products", needs: "--oracle" })
    if (oracleTimeout === undefined) return undefined
    return yield* new Misfit({ flag: "oracle-timeout", needs: "--oracle" })
  }
  const misfit = ofNetworks(input).find(([, isGiven]) => isGiven)
  if (misfit === undefined) return oracle
  const [flag] = misfit
  return yield* new Misfit({
    flag,
    needs: flag === "oracle" ? "no network next to the program" : "a network, and no --oracle",
  })
})

/** Forwards requests of the other thread to the program, and reports each loss; ends with the first failure. */
const serve = Effect.fnUntraced(function* (
  memory: SharedArrayBuffer,
  { ask }: Oracle,
  onLoss: (loss: number) => void,
) {
  for (;;) {
    const { kind, numbers, out } = yield* Effect.promise(() => RemoteObjective.nextQuestion(memory))
    const loss = yield* ask(kind, numbers, out)
    onLoss(loss)
    RemoteObjective.answer(memory, loss)
  }
})

const defaults = { seconds: 300, seed: 1 } as const

/** Certificate of the loss that a program evaluates, or its measures where they are asked for or the time ends. */
export const certified = Effect.fnUntraced(function* (
  input: Input,
  program: string,
  within: TimeLimit.Within,
) {
  const { lossTolerance, measures, products, residualTolerance, seed = defaults.seed, time } = input
  const wait = Duration.seconds(input.oracleTimeout ?? defaults.seconds)
  const oracle = yield* openOracle(program, wait)
  const { dimension, least, point, width } = oracle
  const memory = RemoteObjective.memoryOf(dimension)
  const name = `--oracle ${quote(program)}`
  const question = {
    name,
    memory,
    point,
    seed,
    ...(width === 4 && { precision: "float32" as const }),
    ...(least !== undefined && { least }),
  }
  const kernels = { kernels: input.capabilities.kernels }
  const numbers = width === 4 ? ("float32" as const) : ("float64" as const)
  let notFinite = 0
  const onLoss = (loss: number) => {
    if (!Number.isFinite(loss)) notFinite++
  }
  const served = <A, E, R>(work: Effect.Effect<A, E, R>) =>
    Effect.raceFirst(work, serve(memory, oracle, onLoss))
  const isQuick = measures !== undefined
  const quick = Effect.map(
    Measured.track(1, within, (onProgress: (now: typeof measureOracle.output.Type) => void) =>
      served(operate(system, measureOracle, question, onProgress)),
    ),
    (found) =>
      MeasureReport.reportOf(found, {
        ...kernels,
        names: [program],
        dimension,
        isQuick,
        ...(found !== undefined && {
          // the largest basis is that of the eigenvalue
          oracle: {
            numbers,
            check: found.products,
            gradients: found.gradients,
            notFinite,
            vectors: 22,
          },
        }),
      }),
  )
  const whole = within(
    Phases.track((onPhase) =>
      served(
        operate(
          system,
          certifyOracle,
          {
            ...question,
            lossTolerance,
            ...(products !== undefined && { products }),
            ...(residualTolerance !== undefined && { residualTolerance }),
          },
          onPhase,
        ),
      ),
    ),
  ).pipe(
    Effect.map((found) => {
      if (found === undefined) return undefined
      const { gradients, products: check, vectors, ...certificate } = found
      return CertifyReport.reportOf(certificate, {
        ...kernels,
        lossTolerance,
        residualTolerance: residualTolerance ?? Math.sqrt(lossTolerance),
        oracle: { numbers, check, gradients, notFinite, vectors },
      })
    }),
  )
  const report = yield* isQuick ? quick : TimeLimit.first(time, quick, whole)
  return report ?? (yield* new TimeLimit.TimeUp({ seconds: time! }))
}, reported)
