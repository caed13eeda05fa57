/** Which column of a log is what: as the flags say, and as programs name them where no flag does. */
import { listOf, quote } from "@nonconvex/datasets/CsvError"
import * as Table from "@nonconvex/datasets/Table"
import { Result, Schema } from "effect"

const keys = [
  "step",
  "loss",
  "rate",
  "gradientNorm",
  "squaredNorm",
  "product",
  "sharpness",
  "control",
] as const
export type Key = (typeof keys)[number]

export const flagOf: { readonly [Each in Key]: string } = {
  step: "--step",
  loss: "--loss",
  rate: "--rate",
  gradientNorm: "--gradient-norm",
  squaredNorm: "--squared-norm",
  product: "--product",
  sharpness: "--sharpness",
  control: "--control",
}

/** The names of the columns that the flags give. */
export type Names = { readonly [Each in Key]?: string | undefined }

/** As programs name them, without case, spaces and marks; the first that is there is taken. */
const spellings: { readonly [Each in Key]: ReadonlyArray<string> } = {
  step: [
    "step steps globalstep trainerglobalstep trainglobalstep iteration iterations iter it t",
    "update updates numupdates batch epoch",
  ].flatMap((words) => words.split(" ")),
  loss: [
    "loss trainloss trainingloss losstrain trainlossstep trloss lossstep batchloss minibatchloss",
    "objective cost nll crossentropy mse value",
  ].flatMap((words) => words.split(" ")),
  rate: "lr learningrate trainlr trainlearningrate eta".split(" "),
  gradientNorm: "gradnorm gradientnorm traingradnorm gnorm globalgradnorm grad20normtotal".split(
    " ",
  ),
  squaredNorm: "gradsq gradnormsq gradnormsquared squarednorm squaredgradnorm".split(" "),
  product: "graddotprevious graddotprev gdotprevious gdotprev product".split(" "),
  sharpness: "sharpness lambdamax topeigenvalue maxeigenvalue hessiantop".split(" "),
  control: "control controlloss probeloss fixedbatchloss".split(" "),
}

/** Without what Weights & Biases writes before a name: the run and a dash. */
const bare = (name: string): string =>
  name
    .split(" - ")
    .at(-1)!
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")

/** A column that a log needs is not there. */
export class NoColumn extends Schema.TaggedError<NoColumn>()("NoColumn", {
  path: Schema.String,
  column: Schema.String,
  flag: Schema.String,
  available: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const header = listOf(this.available)
    return this.available.length === 1
      ? `${this.path}: the header has ${header} alone: say with --loss that it has the losses, or with --delimiter what is between the columns`
      : `${this.path}: no column ${quote(this.column)}; the header has ${header}: say with ${this.flag} which it is`
  }
}

/** The first line has numbers, and nobody said what they are. */
export class NoHeader extends Schema.TaggedError<NoHeader>()("NoHeader", {
  path: Schema.String,
  /** A cell of the first line. */
  cell: Schema.String,
  /** Of the first line, where that is known. */
  cells: Schema.optional(Schema.Int),
}) {
  override get message(): string {
    const example = ["--columns loss", "--columns step,loss"][(this.cells ?? 3) - 1]
    return `${this.path}: its first line has numbers, such as ${quote(this.cell)}, and no header: name its columns in their order, as ${example ?? "--columns step,loss,lr"}`
  }
}

/** Names were given for the columns of a file, and they are not those that it has. */
export class NotItsColumns extends Schema.TaggedError<NotItsColumns>()("NotItsColumns", {
  path: Schema.String,
  row: Schema.Int,
  names: Schema.Int,
  /** Cells of the row. */
  found: Schema.Int,
  /** A word in the first line, which then is a header. */
  word: Schema.optional(Schema.String),
}) {
  override get message(): string {
    const place = `${this.path}: row ${this.row}`
    return this.word === undefined
      ? `${place}: --columns has ${this.names} names, and the row ${this.found} cells: name all columns in their order`
      : `${place}: its first line has names, such as ${quote(this.word)}: leave out --columns, which is for files without; --loss, --step and the others say which column is what`
  }
}

/** One column is named as two things. */
export class SameColumn extends Schema.TaggedError<SameColumn>()("SameColumn", {
  path: Schema.String,
  column: Schema.String,
  flags: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.path}: column ${quote(this.column)} cannot be both ${this.flags.join(" and ")}: each needs a column of its own`
  }
}

/** What may be wrong with the names of columns. */
export type Problem = NoColumn | NoHeader | NotItsColumns | SameColumn

/** The columns that a log has, and whether a flag named them or the header did. */
export type Chosen = ReadonlyArray<{
  readonly key: Key
  readonly column: string
  readonly isNamed: boolean
}>

/** The one column left whose name has the word loss, where nothing else is the loss; what scales or weighs a loss is none. */
const plainLoss = (found: Chosen, available: ReadonlyArray<string>): Chosen => {
  if (found.some(({ key }) => key === "loss")) return []
  const free = available.filter(
    (name) =>
      bare(name).includes("loss") &&
      !/scale|weight/.test(bare(name)) &&
      !found.some(({ column }) => column === name),
  )
  return free.length === 1 ? [{ key: "loss", column: free[0]!, isNamed: false }] : []
}

/** Whether a name is a number, in whatever notation. */
export const isNumber = (name: string): boolean => /\d/.test(name) && !Table.isWord(name)

/** A column that a header lacks, or the header itself. */
const lacking = (
  path: string,
  {
    available,
    column,
    key,
  }: { readonly available: ReadonlyArray<string>; readonly column: string; readonly key: Key },
): NoColumn | NoHeader => {
  const cell = available.find(isNumber)
  return cell === undefined
    ? new NoColumn({ path, column, flag: flagOf[key], available })
    : new NoHeader({ path, cell, cells: available.length })
}

/**
 * The columns of a header that the flags name, and those that their names tell. Both products are needed, or none. A file of losses
 * alone needs no steps.
 */
export const choose = (
  path: string,
  names: Names,
  available: ReadonlyArray<string>,
): Result.Result<Chosen, NoColumn | NoHeader | SameColumn> => {
  const named = keys.flatMap((key) => {
    const column = names[key]
    return column === undefined ? [] : [{ key, column, isNamed: true }]
  })
  const twice = named.find(({ column }, k) => named.findIndex((each) => each.column === column) < k)
  if (twice !== undefined) {
    const { column } = twice
    const flags = named.flatMap((each) => (each.column === column ? [flagOf[each.key]] : []))
    return Result.fail(new SameColumn({ path, column, flags }))
  }
  const taken = new Set(named.map(({ column }) => column))
  // a header may have a million names: each is looked at once
  const free = new Map<string, string>()
  for (const name of available) {
    const spelling = bare(name)
    if (!taken.has(name) && !free.has(spelling)) free.set(spelling, name)
  }
  const told = keys.flatMap((key) => {
    if (names[key] !== undefined) return []
    const column = spellings[key]
      .map((spelling) => free.get(spelling))
      .find((name) => name !== undefined)
    return column === undefined ? [] : [{ key, column, isNamed: false }]
  })
  const all = [...named, ...told, ...plainLoss([...named, ...told], available)]
  for (const { column, isNamed, key } of named) {
    if (isNamed && !available.includes(column)) {
      return Result.fail(lacking(path, { available, column, key }))
    }
  }
  const isNumbered = available.length === 1 && all.some(({ key }) => key === "loss")
  for (const key of isNumbered ? (["loss"] as const) : (["step", "loss"] as const)) {
    if (!all.some((each) => each.key === key)) {
      const other = named.find(({ column }) => spellings[key].includes(bare(column)))
      if (other !== undefined && available.length > 1) {
        const both = [key, other.key]
        const flags = keys.filter((each) => both.includes(each)).map((each) => flagOf[each])
        return Result.fail(new SameColumn({ path, column: other.column, flags }))
      }
      return Result.fail(lacking(path, { available, column: key, key }))
    }
  }
  return Result.succeed(all)
}
