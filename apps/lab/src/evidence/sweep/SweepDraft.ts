/** Sweep described by flags and a file. */
import * as Sweep from "@nonconvex/runner/sweep/Sweep"
import { Effect, Schema } from "effect"
import { Misfit } from "../../cli/Failure.ts"
import * as Json from "../../files/Json.ts"
import { nameOf } from "../program/ProgramSystem.ts"
import * as VariedSettings from "./VariedSettings.ts"

/** Flags that describe the sweep. */
export interface Flags {
  readonly experiment: string | undefined
  readonly grid: ReadonlyArray<string>
  readonly range: ReadonlyArray<string>
  readonly set: Readonly<Record<string, string>> | undefined
  readonly seeds: string | undefined
  readonly preset: Sweep.Sweep["preset"] | undefined
  readonly sampler: Sweep.Sweep["sampler"] | undefined
  readonly trials: number | undefined
  readonly samplerSeed: number | undefined
  readonly batch: number | undefined
  readonly metric: string | undefined
  /** The smallest metric is best. */
  readonly least: boolean
  readonly resource: string | undefined
  /** The smallest budget. */
  readonly from: number | undefined
  readonly eta: number | undefined
  readonly file: string | undefined
  /** Command line of a program. */
  readonly command: string | undefined
  readonly results: string | undefined
  readonly code: ReadonlyArray<string>
  readonly env: boolean
  readonly prune: boolean
  /** Seconds. */
  readonly timeout: number | undefined
}

/** A file that holds no sweep. */
export class UnreadableSweep extends Schema.TaggedError<UnreadableSweep>()("UnreadableSweep", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}; create one with nonconvex sweep --save`
  }
}

const decode = Json.by(Sweep.Draft, { onExcessProperty: "error" })

/** The sweep in a file. Fails with `UnreadableSweep`. */
export const read = (path: string) =>
  Effect.mapError(Json.read(path, Json.ofSettings, decode), ({ of, reason }) => {
    const why = of === "schema" ? `is not a sweep (${reason})` : reason
    return new UnreadableSweep({ path, reason: why })
  })

/** The fields that have a value. */
const given = <Fields extends object>(
  fields: Fields,
): { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields> as ReturnType<typeof given<Fields>>

/** Budgets of halving; the conventional factor is 3. */
const competitionOf = (
  { eta, from, resource }: Flags,
  former: Sweep.Competition | undefined,
): Effect.Effect<Sweep.Competition | undefined, Sweep.InvalidSweep> => {
  const name = resource ?? former?.resource
  if (name !== undefined) {
    return Effect.succeed({ eta: 3, ...former, ...given({ eta, least: from }), resource: name })
  }
  const reason = "--eta and --from belong to halving, which needs a --resource"
  return eta === undefined && from === undefined
    ? Effect.succeed(undefined)
    : Effect.fail(new Sweep.InvalidSweep({ reason }))
}

/** Program of the flags, completed by that of the file. */
const programOf = Effect.fnUntraced(function* (
  { code: [first, ...more], command, env, results, timeout }: Flags,
  former: Sweep.Program | undefined,
): Effect.fn.Return<Sweep.Program | undefined, Misfit> {
  const named = command ?? former?.command
  const own = {
    ...given({ results, timeout }),
    ...(first === undefined ? {} : { code: [first, ...more] as const }),
    ...(env ? { env } : {}),
  }
  if (named !== undefined) return { ...former, ...own, command: named }
  const [flag] = Object.keys(own)
  return flag === undefined ? undefined : yield* new Misfit({ flag, needs: "--command" })
})

/** Id of what the trials run. */
const subjectOf = Effect.fnUntraced(function* (
  { experiment, preset }: Flags,
  former: Sweep.Draft | undefined,
  program: Sweep.Program | undefined,
) {
  const refuse = (reason: string) => Effect.fail(new Sweep.InvalidSweep({ reason }))
  if (program !== undefined) {
    if (experiment !== undefined) {
      return yield* refuse(`it names an experiment (${experiment}) and a --command; give only one`)
    }
    if (preset === undefined) return nameOf(program.command)
    return yield* new Misfit({ flag: "preset", needs: "an experiment, and no --command" })
  }
  return (
    experiment ??
    former?.experiment ??
    (yield* refuse(
      "it does not name an experiment; choose one from nonconvex experiments, or give a --file or a --command",
    ))
  )
})

/**
 * Sweep from the flags, completed by the file. Settings of both are combined; the flags come first. Fails with `Misfit`,
 * `UnreadableSweep` or `InvalidSweep`.
 */
export const draft = Effect.fn("Sweep.draft")(function* (flags: Flags) {
  const former = flags.file === undefined ? undefined : yield* read(flags.file)
  const program = yield* programOf(flags, former?.program)
  const experiment = yield* subjectOf(flags, former, program)
  const vary = { ...former?.vary, ...(yield* VariedSettings.varied(flags.grid, flags.range)) }
  const set = {
    ...former?.set,
    ...Object.fromEntries(
      Object.entries(flags.set ?? {}).map(([name, text]) => [name, VariedSettings.valueOf(text)]),
    ),
  }
  const { batch, least, metric, preset, prune, sampler, samplerSeed, seeds, trials } = flags
  return {
    ...former,
    ...(least ? { goal: "least" as const } : {}),
    ...(prune ? { prune } : {}),
    ...given({ batch, metric, preset, sampler, samplerSeed, seeds, trials }),
    ...given({ competition: yield* competitionOf(flags, former?.competition), program }),
    experiment,
    vary,
    set,
  } satisfies Sweep.Draft
})
