import { type DataRead, Datasets } from "@nonconvex/datasets/Datasets"
import * as Seed from "@nonconvex/numerics/Seed"
import { Cause, Effect, type Layer, Runtime, Schema } from "effect"
import type { Expectation } from "./Expectation.ts"
import type { Figure } from "@nonconvex/figures"
import type { Given } from "./Given.ts"
import * as Reason from "./Reason.ts"
import { type Keeping, never, type Resuming } from "./Resuming.ts"
import type { Source } from "./Source.ts"
import { resumeOrRestart } from "./ResumedRow.ts"

/** `smoke` shows that it runs, `fast` shows the effect in seconds, `paper` is the full setting. */
export type Preset = "smoke" | "fast" | "paper"

/** A row of the result table: a flat record of numbers, texts and truth values. */
export type Row = { readonly [column: string]: number | string | boolean }

/** Context of the computation of a case. */
export interface Context<Config, Shared> extends Given, Resuming {
  readonly config: Config
  /** Stream tree of the experiment; take one child by label for each case. */
  readonly seed: Seed.Seed
  /** Result of `prepare`. */
  readonly shared: Shared
}

/** Description of an experiment, available without running it. */
interface Heading {
  /** `<system>/<kebab-case name>`. */
  readonly id: string
  readonly title: string
  readonly source: Source
  /** Question of the experiment, in a sentence. */
  readonly question: string
  /** Approximate seconds of the paper preset on one thread, as measured; shown before it starts. */
  readonly paperSeconds?: number
  /** Difference of its settings from those of the paper, in a sentence, if these are known. */
  readonly paperScale?: string
  /** Reason why the root seed changes no row: nothing is random, or the settings fix all draws. Absent if the seed matters. */
  readonly deterministic?: string
  /**
   * Share of seeds at which each expectation must hold, registered before the runs: default 0.9, and 1 if all follow from a
   * theorem.
   */
  readonly share?: number
  /**
   * First of the ten seeds over which its expectations are evaluated; default 1. Another value is used if an expectation was
   * restated after those seeds had been seen.
   */
  readonly firstSeed?: number
  /** Rows save snapshots and resume from them, so that runs of hours survive a reboot; required if the paper preset takes over ten minutes. */
  readonly isResumable?: true
}

/** An experiment as a table: its cases, and the rows of each. */
export interface Table<Config extends object, Case, Shared, Fields extends Row> extends Heading {
  readonly config: Schema.Codec<Config, Schema.Json>
  /** Settings that no preset names: optional keys of the configuration. */
  readonly optional?: ReadonlyArray<string & keyof Config>
  /** The columns of the table. */
  readonly columns: Schema.Codec<Fields, Schema.Json>
  readonly presets: { readonly [Key in Preset]: Config }
  /** Cases of a configuration, in the order of their rows. Each is a separate job, independent of the others. */
  readonly cases: (config: Config) => ReadonlyArray<Case>
  /**
   * Prepares data shared by all cases of a configuration, once per process, such as data sets. Depends only on the
   * configuration, the seed and the program's data.
   */
  readonly prepare?: (
    context: Omit<Context<Config, never>, "shared" | keyof Resuming>,
  ) => Effect.Effect<Shared, { readonly message: string }, Datasets>
  /** Row or rows of a case. Plain function of the case and the context; an exception ends the experiment. */
  readonly row: (item: Case, context: Context<Config, Shared>) => Fields | ReadonlyArray<Fields>
  readonly figures: (rows: ReadonlyArray<Fields>, config: Config) => ReadonlyArray<Figure>
  /** Expectations on the table. None may hold without rows, and each must fail for its control. */
  readonly expectations: (rows: ReadonlyArray<Fields>, config: Config) => ReadonlyArray<Expectation>
}

/** A table or figure that one command reruns. The types of its configuration and rows are hidden, so that they form lists. */
export interface Experiment extends Heading {
  /** The encoded configuration of a preset. */
  readonly preset: (preset: Preset) => Schema.JsonObject
  /** Settings that no preset names; each has a default. */
  readonly optional?: ReadonlyArray<string>
  /**
   * JSON Schema of the configurations, with one field per setting, from which a form is generated. `configure` may reject
   * further values.
   */
  readonly settings: () => Schema.JsonObject
  /** Decodes a configuration, once in a process. Throws a `SchemaError` where the schema refuses it. */
  readonly configure: (encoded: Schema.Json) => Configured
}

/** An experiment with a configuration. */
export interface Configured {
  readonly experiment: Experiment
  readonly encoded: Schema.Json
  /** The number of cases. */
  readonly count: number
  /**
   * Rows of case `index` under a root seed; `data` is built only if the experiment requests it. A resumable case continues
   * from the snapshot in `keeping`.
   */
  readonly rowsOf: (
    index: number,
    seed: number,
    given: Given,
    data: Layer.Layer<Datasets>,
    keeping?: Keeping,
  ) => Effect.Effect<ReadonlyArray<Row>, CaseFailed>
  /** The data sets that the experiment reads under a root seed, by name and digest. */
  readonly dataOf: (
    seed: number,
    given: Given,
    data: Layer.Layer<Datasets>,
  ) => Effect.Effect<ReadonlyArray<DataRead>, CaseFailed>
  /** Figures and expectations of the whole table. */
  readonly evaluate: (rows: ReadonlyArray<Row>) => {
    readonly figures: ReadonlyArray<Figure>
    readonly expectations: ReadonlyArray<Expectation>
  }
}

/** A case of an experiment threw, or gave rows that its columns refuse, or its preparation failed. */
export class CaseFailed extends Schema.TaggedError<CaseFailed>()("CaseFailed", {
  experiment: Schema.String,
  case: Schema.Int,
  reason: Schema.String,
}) {
  override get [Runtime.errorExitCode](): number {
    return 3
  }

  override get message(): string {
    return `${this.experiment} failed: ${this.reason}`
  }
}

/** Stream tree of a run: a root seed determines a separate tree for each experiment. */
const seedOf = ({ id }: { readonly id: string }, seed: number): Seed.Seed =>
  Seed.root(seed).child(id)

/** Memoises `make` for the last key: it runs again if any part of the key differs. */
const latest = <Value>() => {
  let known: { readonly key: ReadonlyArray<unknown>; readonly value: Value } | undefined
  return (key: ReadonlyArray<unknown>, make: () => Value): Value => {
    if (known === undefined || key.some((part, i) => part !== known!.key[i])) {
      known = { key, value: make() }
    }
    return known.value
  }
}

const isList = <Item>(value: Item | ReadonlyArray<Item>): value is ReadonlyArray<Item> =>
  Array.isArray(value)

const refusal = (cause: Cause.Cause<Schema.SchemaError>): string =>
  cause.reasons
    .filter(Cause.isFailReason)
    .map(({ error }) => Reason.of(error))
    .join("; ")

/** Shared data of the cases of a configuration, and the data sets read for it. */
interface Prepared<Shared> {
  readonly made: Shared
  readonly read: ReadonlyArray<DataRead>
}

/** A figure with its conclusion in the caption, or the reason why it is not stated of these rows. */
const concluded =
  (expectations: ReadonlyArray<Expectation>) =>
  ({ conclusion, ...figure }: Figure): Figure => {
    if (conclusion === undefined) return figure
    const checked = expectations.filter(({ kind }) => kind !== "regression")
    const said =
      checked.length === 0
        ? "No expectation is evaluated with these settings."
        : checked.every(({ holds }) => holds)
          ? conclusion
          : "Not all expectations hold in these rows."
    return { ...figure, caption: `${said} ${figure.caption}`.trim() }
  }

const configured = <Config extends object, Case, Shared, Fields extends Row>(
  experiment: Experiment,
  table: Table<Config, Case, Shared, Fields>,
  encoded: Schema.Json,
): Configured => {
  const config = Schema.decodeUnknownSync(table.config)(encoded)
  const cases = table.cases(config)
  const isRows = Schema.decodeUnknownExit(Schema.toType(Schema.Array(table.columns)))
  const failed = (index: number) => (cause: unknown) =>
    new CaseFailed({ experiment: table.id, case: index, reason: Reason.of(cause) })
  const known = latest<Effect.Effect<Prepared<Shared>, { readonly message: string }>>()
  const prepared = (
    rootSeed: number,
    given: Given,
    data: Layer.Layer<Datasets>,
  ): Effect.Effect<Prepared<Shared>, { readonly message: string }> =>
    known([rootSeed, given.kernels, data], () => {
      const { prepare } = table
      if (prepare === undefined) return Effect.succeed({ made: undefined as Shared, read: [] })
      const read: Array<DataRead> = []
      const noting = Datasets.layerNoting(data, (each) => read.push(each))
      const made = prepare({ ...given, config, seed: seedOf(table, rootSeed) })
      return Effect.runSync(
        Effect.cached(Effect.map(Effect.provide(made, noting), (all) => ({ made: all, read }))),
      )
    })
  const rowsOf = Effect.fnUntraced(function* (
    index: number,
    rootSeed: number,
    given: Given,
    data: Layer.Layer<Datasets>,
    keeping: Keeping = never,
  ) {
    const item = cases[index]
    if (item === undefined) {
      return yield* failed(index)(`there is no case ${index}; it has ${cases.length}`)
    }
    const { made } = yield* Effect.mapError(prepared(rootSeed, given, data), ({ message }) =>
      failed(index)(message),
    )
    const seed = seedOf(table, rootSeed)
    const rows = yield* Effect.try({
      try: () =>
        resumeOrRestart(keeping, (resuming) =>
          table.row(item, { ...given, ...resuming, config, seed, shared: made }),
        ),
      catch: failed(index),
    })
    const checked = isRows(isList(rows) ? rows : [rows])
    if (checked._tag === "Success") return checked.value
    return yield* failed(index)(`a row does not match its columns: ${refusal(checked.cause)}`)
  })
  return {
    experiment,
    encoded,
    count: cases.length,
    rowsOf,
    dataOf: (rootSeed, given, data) =>
      prepared(rootSeed, given, data).pipe(
        Effect.map(({ read }) => read),
        Effect.mapError(({ message }) => failed(0)(message)),
      ),
    evaluate: (rows) => {
      // each row was checked against the columns by `rowsOf`
      const typed = rows as ReadonlyArray<Fields>
      const expectations = table.expectations(typed, config)
      return { figures: table.figures(typed, config).map(concluded(expectations)), expectations }
    },
  }
}

/**
 * An experiment from its table.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Expectation, Experiment } from "@nonconvex/evidence"
 * import { Schema } from "effect"
 *
 * const squares = Experiment.table({
 *   id: "example/squares",
 *   title: "Squares",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   question: "How do squares grow?",
 *   config: Schema.Struct({ upTo: Schema.Int }),
 *   columns: Schema.Struct({ n: Schema.Int, square: Schema.Finite }),
 *   presets: { smoke: { upTo: 2 }, fast: { upTo: 10 }, paper: { upTo: 100 } },
 *   cases: ({ upTo }) => Array.from({ length: upTo }, (_, k) => k + 1),
 *   row: (n) => ({ n, square: n * n }),
 *   figures: () => [],
 *   expectations: (rows) => [
 *     Expectation.atLeast("no square is below its root", rows.map(({ n, square }) => square / n), 1, {
 *       control: "squares of fractions",
 *       observed: rows.map(({ n, square }) => n / square),
 *     }),
 *   ],
 * })
 * squares.configure(squares.preset("fast")).count // => 10
 * ```
 */
export const table = <Config extends object, Case, Fields extends Row, Shared = undefined>(
  definition: Table<Config, Case, Shared, Fields>,
): Experiment => {
  const { deterministic, firstSeed, id, isResumable, optional, paperScale, paperSeconds } =
    definition
  const { question, share, source, title } = definition
  const known = latest<Configured>()
  const experiment: Experiment = {
    id,
    title,
    source,
    question,
    ...(paperScale === undefined ? {} : { paperScale }),
    ...(deterministic === undefined ? {} : { deterministic }),
    ...(share === undefined ? {} : { share }),
    ...(firstSeed === undefined ? {} : { firstSeed }),
    ...(paperSeconds === undefined ? {} : { paperSeconds }),
    ...(isResumable === undefined ? {} : { isResumable }),
    ...(optional === undefined ? {} : { optional }),
    preset: (preset) =>
      Schema.encodeSync(definition.config)(definition.presets[preset]) as Schema.JsonObject,
    settings: () => {
      const { definitions, schema } = Schema.toJsonSchemaDocument(definition.config)
      return { $defs: definitions, ...schema } as Schema.JsonObject
    },
    configure: (encoded) =>
      known([JSON.stringify(encoded)], () => configured(experiment, definition, encoded)),
  }
  return experiment
}
