/** The flags that several commands share. */
import { KernelsName } from "@nonconvex/runner/Capabilities"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import { availableParallelism } from "node:os"

/** Silences progress; results and errors stay. */
export const Quiet = GlobalFlag.Setting("quiet")({
  flag: Flag.Boolean("quiet").pipe(
    Flag.withAlias("q"),
    Flag.withDescription("Show no progress"),
    Flag.withDefault(false),
  ),
})

const words = new WeakMap<object, string>()

/** Default of a flag in words, where no value expresses it. */
export const ifLeftOut = (flag: object): string | undefined => words.get(flag)

/** Undefined if the flag is absent; help shows `otherwise` as its default. */
export const optional = <A>(flag: Flag.Flag<A>, otherwise?: string): Flag.Flag<A | undefined> => {
  const made = flag.pipe(Flag.optional, Flag.map(Option.getOrUndefined))
  if (otherwise !== undefined) words.set(made, otherwise)
  return made
}

/** The path of a file or folder. */
export const path = (name: string, description: string, kind: "file" | "folder") =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.withMetavar(kind))

/** A table to write: see `SavedTable`. */
export const table = (name: string, description: string) =>
  path(
    name,
    `${description}, in the format of its ending: .csv, .tsv, .parquet, .arrow, .feather, .npz or .npy (numbers only), else in that of the input`,
    "file",
  )

/** The folder to write. */
export const out = (description: string) =>
  path("out", description, "folder").pipe(Flag.withAlias("o"))

const Positive = Schema.Int.check(Schema.isGreaterThan(0))

export const positive = (name: string, description: string) =>
  Flag.Int(name).pipe(Flag.withDescription(description), Flag.withSchema(Positive))

/** Seconds to wait at most; more than a year is a slip, and more than timers count. */
export const Seconds = Schema.Finite.check(
  Schema.isGreaterThan(0),
  Schema.isLessThanOrEqualTo(366 * 86_400),
)

// a verdict holds the margin of every run
const Runs = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000_000 }))

export const runs = Flag.Int("runs").pipe(
  Flag.withDescription("Instances drawn for each claim"),
  Flag.withSchema(Runs),
)

export const search = Flag.Literals("search", ["random", "steered"]).pipe(
  Flag.withDescription(
    "Search strategy: random draws each instance independently; steered mutates the instances closest to a violation",
  ),
)

export const seed = Flag.Int("seed").pipe(
  Flag.withAlias("s"),
  Flag.withDescription("Root seed; the same seed gives the same results on every machine"),
  Flag.withDefault(1),
)

export const jobs = positive("jobs", "Number of worker threads").pipe(
  Flag.withAlias("j"),
  Flag.withDefault(availableParallelism()),
)

/** Flag that chooses the kernels. */
export const kernels = Flag.Literals("kernels", KernelsName.literals).pipe(
  Flag.withDescription(
    "Compute kernels: strict, bit for bit the same on every machine; relaxed, faster on processors with fused multiply-add; compiled, native code for this machine (needs @nonconvex/native); reference, plain TypeScript, bit for bit equal to strict",
  ),
  Flag.withDefault("strict" as const),
)

/** Flags for kernels, threads and data sets. */
export const capabilities = {
  kernels,
  data: optional(
    path(
      "data",
      "A folder of data sets, searched before the bundled ones: the four IDX files of Fashion-MNIST, or the six files of CIFAR-10 (binary version)",
      "folder",
    ),
    "the bundled data",
  ),
}

/** Flag for the folder of the studies. */
export const studies = path("studies", "The folder of the studies", "folder").pipe(
  Flag.withDefault("studies"),
)

/** Flag for the folder of kept rows of several seeds. */
export const rows = path(
  "rows",
  "The folder with saved rows of ten seeds, on which expectations are tested",
  "folder",
).pipe(Flag.withDefault("rows"))

const delimiters = [
  ["comma", ","],
  ["semicolon", ";"],
  ["tab", "\t"],
  ["pipe", "|"],
  ["space", " "],
  ["double-colon", "::"],
] as const

/** Flags for the format of a file, with a sentence on the source of each default. */
const spelledBy = (text: string, numbers: string) => ({
  delimiter: optional(
    Flag.ChoiceWithValue("delimiter", delimiters).pipe(Flag.withDescription("Column delimiter")),
    text,
  ),
  decimal: optional(
    Flag.ChoiceWithValue("decimal", [
      ["point", "."],
      ["comma", ","],
    ] as const).pipe(
      Flag.withDescription("Decimal mark; the other one is read as the thousands separator"),
    ),
    numbers,
  ),
  encoding: optional(
    Flag.Literals("encoding", ["utf-8", "utf-16le", "utf-16be", "windows-1252"]).pipe(
      Flag.withDescription("Text encoding"),
    ),
    text,
  ),
})

/** Flags for the format of a file; defaults are detected from the file. */
export const spelling = spelledBy("detected from the file", "detected from the file")

/**
 * Flags for the format of a file with private rows, which must not influence it; the first line holds the public column
 * names.
 */
export const privateSpelling = spelledBy("detected from the first line", "point")

/** More than a screen. */
export const all = Flag.Boolean("all").pipe(
  Flag.withDescription("Print everything instead of the first screen"),
  Flag.withDefault(false),
)

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print only the result, as JSON, on standard output"),
  Flag.withDefault(false),
)

export const anyPreset = Flag.Literals("preset", ["smoke", "fast", "paper"]).pipe(
  Flag.withAlias("p"),
  Flag.withDescription(
    "smoke: a quick test that it runs; fast: enough to show the effect; paper: the full setting",
  ),
)

export const preset = anyPreset.pipe(Flag.withDefault("fast" as const))

export const system = Argument.String("system").pipe(
  Argument.withDescription("List one system only"),
  Argument.optional,
  Argument.map(Option.getOrUndefined),
)
