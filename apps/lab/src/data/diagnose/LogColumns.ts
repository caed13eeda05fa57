/** Which column of a log is what: as the flags say, and as programs name them where no flag does. */
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
    const header = this.available.map((name) => JSON.stringify(name)).join(", ")
    if (this.available.length === 1 && Number.isFinite(Number(this.available[0]))) {
      return `${this.path}: its first line is a number, ${header}, and no header: put a line with the word loss above it`
    }
    return this.available.length === 1
      ? `${this.path}: the header has ${header} alone: say with --loss that it has the losses, or with --delimiter what is between the columns`
      : `${this.path}: no column "${this.column}"; the header has ${header}: say with ${this.flag} which it is`
  }
}

/** One column is named as two things. */
export class SameColumn extends Schema.TaggedError<SameColumn>()("SameColumn", {
  path: Schema.String,
  column: Schema.String,
  flags: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.path}: column "${this.column}" cannot be both ${this.flags.join(" and ")}: each needs a column of its own`
  }
}

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

/**
 * The columns of a header that the flags name, and those that their names tell. Both products are needed, or none. A file of losses
 * alone needs no steps.
 */
export const choose = (
  path: string,
  names: Names,
  available: ReadonlyArray<string>,
): Result.Result<Chosen, NoColumn | SameColumn> => {
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
  const told = keys.flatMap((key) => {
    if (names[key] !== undefined) return []
    const free = available.filter((name) => !taken.has(name))
    const column = spellings[key]
      .map((spelling) => free.find((name) => bare(name) === spelling))
      .find((name) => name !== undefined)
    return column === undefined ? [] : [{ key, column, isNamed: false }]
  })
  const all = [...named, ...told, ...plainLoss([...named, ...told], available)]
  for (const { column, isNamed, key } of named) {
    if (isNamed && !available.includes(column)) {
      return Result.fail(new NoColumn({ path, column, flag: flagOf[key], available }))
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
      return Result.fail(new NoColumn({ path, column: key, flag: flagOf[key], available }))
    }
  }
  return Result.succeed(all)
}
