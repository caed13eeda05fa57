/** Columns of a log by meaning: as named by the user, or by common names. */
import * as Table from "@nonconvex/datasets/Table"
import { Result } from "effect"
import { NoColumn, NoHeader, SameColumn, SeveralLosses } from "./LogColumnsError.ts"

const keys = [
  "step",
  "loss",
  "rate",
  "gradientNorm",
  "squaredNorm",
  "product",
  "sharpness",
  "control",
  "lossScale",
  "nonFinite",
  "batchSize",
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
  lossScale: "--loss-scale",
  nonFinite: "--non-finite",
  batchSize: "--batch-size",
}

/** Column names that the flags give. */
export type Names = { readonly [Each in Key]?: string | undefined }

/** Common names for the loss of a step. */
const losses = [
  "loss trainloss trainingloss losstrain trainlossstep trloss lossstep batchloss minibatchloss",
  "totalloss trainlosstotal losstraintotal traintotalloss lmloss",
].flatMap((words) => words.split(" "))

/** Common names, without case, spaces and punctuation; the first that exists is used. */
const spellings: { readonly [Each in Key]: ReadonlyArray<string> } = {
  step: [
    "step steps globalstep trainerglobalstep trainglobalstep iteration iterations iter it t",
    "update updates numupdates numsteps batch epoch epochs schritt epoche",
  ].flatMap((words) => words.split(" ")),
  loss: [...losses, ..."objective cost nll crossentropy mse value verlust".split(" ")],
  rate: "lr learningrate trainlr trainlearningrate eta lernrate".split(" "),
  gradientNorm: "gradnorm gradientnorm traingradnorm gnorm globalgradnorm grad20normtotal".split(
    " ",
  ),
  squaredNorm: "gradsq gradnormsq gradnormsquared squarednorm squaredgradnorm".split(" "),
  product: "graddotprevious graddotprev gdotprevious gdotprev product".split(" "),
  sharpness: "sharpness lambdamax topeigenvalue maxeigenvalue hessiantop".split(" "),
  control: "control controlloss probeloss fixedbatchloss".split(" "),
  lossScale: "lossscale gradscale gradscaler trainlossscale ampscale".split(" "),
  nonFinite: [
    "fracnonfiniteloss fracnonfinite trainfracnonfiniteloss trainfracnonfinite nonfinite",
  ].flatMap((words) => words.split(" ")),
  batchSize: "batchsize trainbatchsize minibatchsize batchsizes samplesperstep".split(" "),
}

/** Names of each column, and names that are not losses. */
const known = new Set(Object.values(spellings).flat())
const knownOthers = new Set(keys.flatMap((key) => (key === "loss" ? [] : spellings[key])))

/** Lightning's names for the learning rate of an optimizer, such as lr-AdamW or lr-SGD/pg1. */
const monitored = /^lr-?(sgd|adam|adamw|nadam|radam|rmsprop|adagrad|adadelta|lion)(\W?pg1)?$/i

/** Separator that Weights & Biases writes between the name of a run or group and that of a metric. */
const afterRun = " - "

/** Run of a chart column; undefined if its name contains none. */
const runOf = (name: string): string | undefined => {
  const end = name.lastIndexOf(afterRun)
  return end < 0 ? undefined : name.slice(0, end)
}

/** Normalised name, without the run. */
const bare = (name: string): string =>
  name
    .split(afterRun)
    .at(-1)!
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")

/** Columns of a chart with the range around each point. */
export const bandOf = (column: string): readonly [least: string, most: string] => [
  `${column}__MIN`,
  `${column}__MAX`,
]

/** Columns of a log, and whether a flag or the header determined them. */
export type Chosen = ReadonlyArray<{
  readonly key: Key
  readonly column: string
  readonly isNamed: boolean
}>

/** Candidates by name; their values decide among several losses. */
export interface Choice {
  readonly chosen: Chosen
  /** Columns that may be the loss instead of the chosen one. */
  readonly alternatives: ReadonlyArray<string>
}

/** Maximum number of losses to compare. */
const mostAlternatives = 16

/** Columns named as losses, the likeliest first, unless a flag names one. */
const lossesOf = (free: ReadonlyArray<string>): ReadonlyArray<string> => {
  const order = new Map(losses.map((spelling, k) => [spelling, k]))
  const placeOf = (name: string) => order.get(bare(name))
  const spelled = free
    .filter((name) => placeOf(name) !== undefined)
    .toSorted((a, b) => placeOf(a)! - placeOf(b)!)
  if (spelled.length > 0) return spelled
  const other = spellings.loss
    .map((spelling) => free.find((name) => bare(name) === spelling))
    .find((name) => name !== undefined)
  if (other !== undefined) return [other]
  // what scales or weighs a loss is none
  const plain = free.filter(
    (name) => bare(name).includes("loss") && !/scale|weight/.test(bare(name)),
  )
  const trained = plain.filter((name) => !/val(?!ue)|test|dev/.test(bare(name)))
  if (trained.length > 0) return trained
  return plain.length === 1 ? plain : []
}

/** Tests whether a name is a number, in any notation. */
export const isNumber = (name: string): boolean => /\d/.test(name) && !Table.isWord(name)

interface Header {
  readonly path: string
  readonly available: ReadonlyArray<string>
  /** True for a log of names and numbers, whose rows need no steps and no header. */
  readonly isLog: boolean
}

/** Error on a column that a header lacks, or on a missing header. */
const lacking = ({ available, isLog, path }: Header, column: string, key: Key) => {
  const cell = isLog ? undefined : available.find(isNumber)
  if (cell !== undefined) return new NoHeader({ path, cell, cells: available.length })
  const has = isLog ? available.toSorted((a, b) => nearness(b) - nearness(a)) : available
  return new NoColumn({
    path,
    column,
    flag: flagOf[key],
    available: has,
    ...(isLog ? { isLog } : {}),
  })
}

/** Rank in the list of candidates for the loss. */
const nearness = (name: string): number => (bare(name).includes("loss") ? 1 : 0)

/**
 * Columns of a header that flags or conventional names select. Both columns of products are needed, or none. A log without steps
 * numbers its rows.
 */
export const choose = (
  header: Header,
  names: Names,
): Result.Result<Choice, NoColumn | NoHeader | SameColumn> => {
  const { available, path } = header
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
  const left = available.filter((name) => !taken.has(name))
  const [loss, ...alternatives] =
    names.loss === undefined ? lossesOf(left.filter((name) => !knownOthers.has(bare(name)))) : []
  // beside the loss of a run stands nothing of another
  const run = runOf(names.loss ?? loss ?? "")
  // a header may have a million names: each is looked at once, and few are kept
  const [own, free] = [new Map<string, string>(), new Map<string, string>()]
  for (const name of left) {
    const spelling = bare(name)
    if (name === loss || !known.has(spelling)) continue
    const of = runOf(name)
    const among = of === run ? own : of === undefined ? free : undefined
    if (among?.has(spelling) === false) among.set(spelling, name)
  }
  const recognised = keys.flatMap((key) => {
    if (names[key] !== undefined || key === "loss") return []
    const column =
      spellings[key]
        .map((spelling) => own.get(spelling) ?? free.get(spelling))
        .find((name) => name !== undefined) ??
      (key === "rate" ? left.find((name) => monitored.test(name)) : undefined)
    return column === undefined ? [] : [{ key, column, isNamed: false }]
  })
  const chosen = [
    ...named,
    ...recognised,
    ...(loss === undefined ? [] : [{ key: "loss" as const, column: loss, isNamed: false }]),
  ]
  for (const { column, isNamed, key } of named) {
    if (isNamed && !available.includes(column)) return Result.fail(lacking(header, column, key))
  }
  if (!chosen.some(({ key }) => key === "loss")) {
    const other = named.find(({ column }) => spellings.loss.includes(bare(column)))
    if (other !== undefined && available.length > 1) {
      const flags = keys
        .filter((key) => key === "loss" || key === other.key)
        .map((key) => flagOf[key])
      return Result.fail(new SameColumn({ path, column: other.column, flags }))
    }
    return Result.fail(lacking(header, "loss", "loss"))
  }
  return Result.succeed({ chosen, alternatives: alternatives.slice(0, mostAlternatives) })
}

const isSame = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, k) => Object.is(value, b[k]))

/**
 * Columns of a log. Among several losses, the one with most values wins, because an average over the run occurs only once.
 * `valuesOf` gives the numbers of a column, without gaps. Fails with SeveralLosses if two have equally many values that differ.
 */
export const settle = (
  path: string,
  { alternatives, chosen }: Choice,
  valuesOf: (column: string) => Float64Array,
): Result.Result<Chosen, SeveralLosses> => {
  if (alternatives.length === 0) return Result.succeed(chosen)
  const first = chosen.find(({ key }) => key === "loss")!.column
  const all = [first, ...alternatives].map((column) => ({ column, values: valuesOf(column) }))
  const most = all.reduce((largest, { values }) => Math.max(largest, values.length), 0)
  const strong = all.filter(({ values }) => 2 * values.length >= most)
  const [best, ...rest] = strong
  if (rest.some(({ values }) => !isSame(values, best!.values))) {
    return Result.fail(new SeveralLosses({ path, columns: strong.map(({ column }) => column) }))
  }
  return Result.succeed(
    chosen.map((each) => (each.key === "loss" ? { ...each, column: best!.column } : each)),
  )
}
