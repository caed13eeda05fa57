import * as Seed from "@nonconvex/numerics/Seed"
import type { FileSystem, Path, Schema, Stream } from "effect"
import type { Expectation } from "./Expectation.ts"
import type { Figure } from "./Figure.ts"
import type { Source } from "./Source.ts"

/** `smoke` shows that it runs, `fast` shows the effect in seconds, `paper` is the full setting. */
export type Preset = "smoke" | "fast" | "paper"

/** A row of the result table: a flat record of numbers, texts and truth values. */
export type Row = { readonly [column: string]: number | string | boolean }

export interface ExperimentDefinition<
  Config extends object,
  Fields extends Row,
  Failure extends { readonly message: string },
> {
  /** `<system>/<kebab-case name>`. */
  readonly id: string
  readonly title: string
  readonly source: Source
  /** What the experiment asks, in a sentence. */
  readonly question: string
  readonly config: Schema.Codec<Config, Schema.Json>
  readonly row: Schema.Codec<Fields, Schema.Json>
  readonly presets: { readonly [Key in Preset]: Config }
  /** About how many seconds the paper preset took on one thread where it was measured: those who start it are told. */
  readonly paperSeconds?: number
  /** How many rows a run yields, where that is known beforehand: progress shows it. */
  readonly rows?: (config: Config) => number
  /**
   * Configurations whose rows, one after the other, are those of `config`, to the bit: where there are several, a pool of threads
   * runs them at the same time.
   */
  readonly parts?: (config: Config) => ReadonlyArray<Config>
  /**
   * Rows as they are found. Yields at least every 50 ms, and depends on `config`, `seed` and shipped files alone, which it
   * may read.
   */
  readonly run: (
    config: Config,
    seed: Seed.Seed,
  ) => Stream.Stream<Fields, Failure, FileSystem.FileSystem | Path.Path>
  readonly figures: (rows: ReadonlyArray<Fields>, config: Config) => ReadonlyArray<Figure>
  readonly expectations: (rows: ReadonlyArray<Fields>, config: Config) => ReadonlyArray<Expectation>
}

/** A figure or table that one command reruns. The types of its configuration and rows are hidden, so that they form lists. */
export interface Experiment {
  readonly id: string
  readonly title: string
  readonly source: Source
  readonly question: string
  readonly open: <Result>(
    use: <Config extends object, Fields extends Row, Failure extends { readonly message: string }>(
      definition: ExperimentDefinition<Config, Fields, Failure>,
    ) => Result,
  ) => Result
}

/** The stream tree of a run: a root seed gives each experiment a tree of its own. */
export const seedOf = ({ id }: { readonly id: string }, seed: number): Seed.Seed =>
  Seed.root(seed).child(id)

/** An experiment from its definition. */
export const experiment = <
  Config extends object,
  Fields extends Row,
  Failure extends { readonly message: string } = never,
>(
  definition: ExperimentDefinition<Config, Fields, Failure>,
): Experiment => ({
  id: definition.id,
  title: definition.title,
  source: definition.source,
  question: definition.question,
  open: (use) => use(definition),
})
