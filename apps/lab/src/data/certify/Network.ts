/** The certificate of a network in a file, on its data. */
import * as Data from "../../networks/Data.ts"
import {
  certifyLayers,
  certifyNetwork,
  descend,
  measureNetwork,
  system,
} from "@nonconvex/flat-minima/operations"
import { operate } from "@nonconvex/runner/Operations"
import { NoMinimumNearby } from "@nonconvex/flat-minima"
import type { ReadModel } from "@nonconvex/interchange/node"
import { Effect, Schema } from "effect"
import * as Progress from "../../cli/Progress.ts"
import * as Checkpoints from "../../networks/Checkpoints.ts"
import * as NetworkFile from "../../networks/NetworkFile.ts"
import * as Outside from "../../networks/outside/Outside.ts"
import type { SavedNetwork } from "../../networks/SavedNetwork.ts"
import * as TrainedNetwork from "../../networks/TrainedNetwork.ts"
import type { Input } from "./CertifyFlags.ts"
import * as CertifyReport from "./CertifyReport.ts"
import * as Measured from "./Measured.ts"
import * as MeasureReport from "./MeasureReport.ts"
import { NothingToCertify } from "./NothingToCertify.ts"
import * as Phases from "./Phases.ts"
import * as TimeLimit from "./TimeLimit.ts"
import { Misfit, reported } from "../../cli/Failure.ts"

/** Descent from the network, if requested. */
const descended = Effect.fnUntraced(function* (
  network: TrainedNetwork.TrainedNetwork,
  { descend: gradients, gradientTolerance: tolerance, lossTolerance }: Input,
) {
  if (gradients === undefined) return undefined
  const negligible = 0.1 * lossTolerance
  return yield* Progress.track({ label: "descend", total: gradients, unit: "gradients" }, (meter) =>
    operate(system, descend, { ...network, gradients, tolerance, negligible }, (progress) => {
      meter.done(progress.gradients)
      meter.note(
        `loss ${progress.loss.toPrecision(3)}, gradient norm ${progress.gradientNorm.toPrecision(3)}`,
      )
    }),
  ).pipe(
    Effect.catchTag(
      "NoMinimumNearby",
      ({ advice = "allow more gradients", evaluations, gradientNorm, tolerance: asked }) =>
        Effect.fail(
          new NoMinimumNearby({
            operation: "certify --descend",
            gradientNorm,
            tolerance: asked,
            evaluations,
            advice,
          }),
        ),
    ),
  )
})

const certified = Effect.fnUntraced(function* (
  network: TrainedNetwork.TrainedNetwork,
  { lossTolerance, residualTolerance }: Input,
) {
  const question = {
    ...network,
    lossTolerance,
    ...(residualTolerance === undefined ? {} : { residualTolerance }),
  }
  return yield* Phases.track((onPhase) => operate(system, certifyNetwork, question, onPhase))
})

/** Network, its data and the data's flags. Fails with NothingToCertify if they are not named. */
export const named = ({ data: { name, ...flags }, file }: Input) =>
  file === undefined || name === undefined
    ? Effect.fail(new NothingToCertify())
    : Effect.succeed({ file, data: { ...flags, name } })

/** Files of a certificate, and the flags about the data. */
export type Named = Effect.Success<ReturnType<typeof named>>

/** Network on its data, with its layer names, and how it was read if another program made it. */
interface Subject {
  readonly network: TrainedNetwork.TrainedNetwork
  readonly layers: ReadonlyArray<string>
  readonly source?: CertifyReport.CertifyReport["source"]
}

/** Network saved by `train`. */
const trained = Effect.fnUntraced(function* (
  input: Input,
  { data, file }: Named,
  saved: SavedNetwork,
) {
  const seed = input.seed ?? saved.made?.seed ?? 1
  const source = yield* TrainedNetwork.sourceOf(saved, { ...data, seed })
  const prepared = yield* Data.prepare(source)
  const network = yield* TrainedNetwork.attach(file, saved, prepared, seed)
  const { widths } = saved.architecture
  const layers = widths.slice(1).map((width, l) => `layer ${l + 1} (${widths[l]} to ${width})`)
  return { network, layers } satisfies Subject
})

/** Network made by another program. */
const foreign = Effect.fnUntraced(function* (input: Input, { data }: Named, read: ReadModel) {
  const { outside, seed = 1 } = input
  const { network, notes, samples } = yield* Outside.attach(read, { ...data, seed }, outside)
  const source = { format: read.format, samples: samples.count, notes }
  return { network, layers: read.model.layers, source } satisfies Subject
})

const layered = Effect.fnUntraced(function* ({ layers, network }: Subject) {
  const found = yield* Progress.track(
    { label: "layers", total: layers.length, unit: "layers" },
    (meter) => operate(system, certifyLayers, network, (progress) => meter.done(progress.layers)),
  )
  return found.map((each, k) => ({ layer: layers[k]!, ...each }))
})

/** A network from a file with its data, read according to the kind of the file. */
const subjectOf = Effect.fnUntraced(function* (input: Input, files: Named) {
  const network = yield* NetworkFile.read(files.file, input.outside)
  const subject: Subject = yield* network._tag === "Foreign"
    ? foreign(input, files, network.found)
    : trained(input, files, network.saved)
  return subject
})

/** Checkpoints of one training have the same parameters. */
class OtherNetwork extends Schema.TaggedError<OtherNetwork>()("OtherNetwork", {
  path: Schema.String,
  name: Schema.String,
  found: Schema.Int,
  wanted: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: ${this.name} has ${this.found} parameters, and the first network ${this.wanted}; give a folder with the checkpoints of one training`
  }
}

/** Every network that the file names: itself, or those in the folder. */
const everySubject = Effect.fnUntraced(function* (input: Input, files: Named) {
  const { file: path } = files
  const { architecture } = input.outside
  const checkpoints = yield* Checkpoints.find(path, [files.data.name, architecture])
  const subjects = yield* Progress.track(
    { label: "read", total: checkpoints.length, unit: "networks" },
    (meter) =>
      Effect.forEach(checkpoints, ({ name, path: file }, k) =>
        Effect.map(subjectOf(input, { ...files, file }), (subject) => {
          meter.done(k + 1)
          return { name, ...subject }
        }),
      ),
  )
  const wanted = subjects[0]!.network.parameters.length
  for (const { name, network } of subjects) {
    const found = network.parameters.length
    if (found !== wanted) return yield* new OtherNetwork({ path, name, found, wanted })
  }
  return subjects
})

/** Measures of the subjects until the time ends; undefined if it ended before the first. */
const measured = Effect.fnUntraced(function* (
  subjects: ReadonlyArray<Subject & { readonly name: string }>,
  within: TimeLimit.Within,
) {
  const [first, ...later] = subjects.map(({ network }) => network)
  return yield* Measured.track(subjects.length, within, (onProgress) =>
    operate(
      system,
      measureNetwork,
      { ...first!, later: later.map(({ parameters, shape }) => ({ parameters, shape })) },
      onProgress,
    ),
  )
})

/** The certificate of a network in a file; or the measures, where they are asked for, of a folder, or where the time ends. */
export const ofNetwork = Effect.fn("certify.ofNetwork")(function* (
  input: Input,
  files: Named,
  within: TimeLimit.Within,
) {
  const { lossTolerance, measures, residualTolerance, time } = input
  const subjects = yield* within(everySubject(input, files))
  const [subject, second] = subjects ?? []
  if (subjects === undefined || subject === undefined) {
    return yield* new TimeLimit.TimeUp({ seconds: time! })
  }
  const { network, source } = subject
  const isQuick = measures !== undefined || second !== undefined
  const [flag] = Object.entries({ descend: input.descend, by: input.by }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  )
  if (isQuick && flag !== undefined) {
    return yield* new Misfit({ flag, needs: "one network, and no --measures" })
  }
  const kernels = { kernels: input.capabilities.kernels }
  const whole = Effect.gen(function* () {
    const descent = yield* descended(network, input)
    const at = { ...network, parameters: (descent ?? network).parameters }
    const found = yield* certified(at, input)
    const layers = input.by === undefined ? undefined : yield* layered({ ...subject, network: at })
    return CertifyReport.reportOf(found, {
      ...kernels,
      lossTolerance,
      residualTolerance: residualTolerance ?? Math.sqrt(lossTolerance),
      ...(descent !== undefined && { descent }),
      ...(source !== undefined && { source }),
      ...(layers !== undefined && { layers }),
    })
  })
  const quick = Effect.map(measured(subjects, within), (found) =>
    MeasureReport.reportOf(found, {
      ...kernels,
      names: subjects.map(({ name }) => name),
      dimension: network.parameters.length,
      isQuick,
      ...(source !== undefined && { source }),
    }),
  )
  const work = isQuick ? quick : TimeLimit.first(time, quick, within(whole))
  const report = yield* Effect.catchTag(work, "LossOverflows", () =>
    Effect.fail(TrainedNetwork.overflows(files.file)),
  )
  return report ?? (yield* new TimeLimit.TimeUp({ seconds: time! }))
}, reported)
