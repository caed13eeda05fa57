/** Facts of a run that its log states besides the numbers: optimizer, batches, precision, and logged steps. */
import { classOfOptimizer } from "./Beside.ts"
import type * as LogColumns from "./LogColumns.ts"
import type { LogFormat } from "./RunLog.ts"
import type { Series } from "./Series.ts"

/** Optimizer of a run, with its constants. */
export type Optimizer =
  | { readonly name: "sgd" }
  | { readonly name: "momentum"; readonly momentum: number }
  | {
      readonly name: "adam"
      readonly beta1: number
      readonly beta2: number
      readonly epsilon: number
    }

/** The optimizer and the batches of a run, if known. */
export interface Run {
  readonly optimizer: Optimizer | undefined
  /** All samples, or their number. */
  readonly batch: "full" | number | undefined
}

/** Statements of a log about its run. */
export interface RunFacts {
  /** Settings of the run; one that the log lacks is undefined. */
  readonly run: Run
  /** Origin of these facts, such as "the log" or "config.yaml". */
  readonly source: string
  /** Such as bf16; undefined if the log lacks it. */
  readonly precision: string | undefined
  /** Most common distance between consecutive steps; 1 for a single step. */
  readonly stride: number
  /** True if each loss is the mean over all steps since the previous one. */
  readonly isAveraged: boolean
  /** True if the trainer writes other numbers in place of NaN. */
  readonly isFiltered: boolean
  readonly notes: ReadonlyArray<string>
}

interface Given {
  readonly format: LogFormat
  readonly choice: LogColumns.Chosen
  readonly steps: Float64Array
  readonly settings: ReadonlyMap<string, string>
  readonly series: ReadonlyMap<string, Series>
  /** Batch size of each step, if the log has it. */
  readonly batchSizes: Float64Array | undefined
  readonly source: string
}

/** The first setting with one of these names. */
const settingOf = ({ settings }: Given, ...names: ReadonlyArray<string>): string | undefined =>
  names.map((name) => settings.get(name)).find((value) => value !== undefined)

const numberOf = (text: string | undefined, otherwise: number): number => {
  const number = text === undefined || text.trim() === "" ? Number.NaN : Number(text)
  return Number.isFinite(number) ? number : otherwise
}

const decayOf = (text: string | undefined, otherwise: number): number => {
  const decay = numberOf(text, otherwise)
  return decay >= 0 && decay < 1 ? decay : otherwise
}

const betasOf = (given: Given): readonly [string | undefined, string | undefined] => {
  const [beta1, beta2] = (settingOf(given, "betas") ?? "").split(/[,; ()]+/).filter(Boolean)
  return [
    settingOf(given, "adam_beta1", "beta1", "beta_1") ?? beta1,
    settingOf(given, "adam_beta2", "beta2", "beta_2") ?? beta2,
  ]
}

/** The name of the optimizer, without modules. */
const nameOf = (given: Given): string => {
  const rate = given.choice.find(({ key }) => key === "rate")?.column ?? ""
  const monitored = /^lr-?([a-z]+)/i.exec(rate)?.[1]
  const name = settingOf(given, "optim", "optimizer", "optimizer_name", "optimizer_type", "opt")
  return (name ?? monitored ?? "")
    .split(".")
    .at(-1)!
    .replace(/^lightning/i, "")
}

const optimizerOf = (given: Given): Run["optimizer"] => {
  const name = nameOf(given)
  // others that are named alike take other steps
  if (/^adamw?(_torch(_fused|_xla|_npu_fused)?|_hf|_apex_fused)?$/i.test(name)) {
    const [beta1, beta2] = betasOf(given)
    return {
      name: "adam",
      beta1: decayOf(beta1, 0.9),
      beta2: decayOf(beta2, 0.999),
      epsilon: Math.max(0, numberOf(settingOf(given, "adam_epsilon", "eps", "epsilon"), 1e-8)),
    }
  }
  const momentum =
    settingOf(given, "momentum") ?? (given.settings.has(classOfOptimizer) ? "0" : undefined)
  if (!/^sgd$/i.test(name) || momentum === undefined) return undefined
  const decay = decayOf(momentum, 0)
  return decay === 0 ? { name: "sgd" } : { name: "momentum", momentum: decay }
}

const batchOf = (given: Given): Run["batch"] => {
  const logged = given.batchSizes?.find((size) => size > 0)
  const text = settingOf(
    given,
    "per_device_train_batch_size",
    "train_batch_size",
    "batch_size",
    "train/batch_size",
    "batchsize",
    "bs",
    "batch",
  )
  if (/^full$/i.test(text ?? "")) return "full"
  const size = logged ?? numberOf(text, 0)
  return Number.isSafeInteger(size) && size > 0 ? size : undefined
}

const isTrue = (text: string | undefined): boolean => /^(true|1)$/i.test(text ?? "")

const precisionOf = (given: Given): string | undefined => {
  if (isTrue(settingOf(given, "bf16"))) return "bf16"
  if (isTrue(settingOf(given, "fp16"))) return "fp16"
  const text = settingOf(given, "precision", "mixed_precision", "dtype")
  return text !== undefined && /^[\w.-]{1,20}$/.test(text) && text !== "no" ? text : undefined
}

/** Distances between steps: least, median and largest. */
const apart = (steps: Float64Array): readonly [least: number, middle: number, most: number] => {
  if (steps.length < 2) return [1, 1, 1]
  const distances = steps.slice(1).map((step, k) => step - steps[k]!)
  distances.sort()
  return [distances[0]!, distances[distances.length >> 1]!, distances.at(-1)!]
}

/** Fewest losses from which a pattern is inferred. */
const enough = 4

/** Changes of the batch size that the note names one by one. */
const fewChanges = 3

const batchNotes = ({ batchSizes, steps }: Given): ReadonlyArray<string> => {
  const sizes: Array<number> = []
  const changes: Array<string> = []
  batchSizes?.forEach((size, at) => {
    if (!(size > 0) || size === sizes.at(-1)) return
    if (sizes.length > 0) changes.push(`to ${size} at step ${steps[at]!}`)
    sizes.push(size)
  })
  if (changes.length === 0) return []
  if (changes.length <= fewChanges) {
    return [`the batch size changed from ${sizes[0]!} ${changes.join(", ")}`]
  }
  sizes.sort((a, b) => a - b)
  return [
    `the batch size changed ${changes.length} times, between ${sizes[0]!} and ${sizes.at(-1)!}`,
  ]
}

/** Extracts the facts of a run from its log. */
export const of = (given: Given): RunFacts => {
  const { choice, format, settings, steps } = given
  const [least, stride, most] = apart(steps)
  const step = choice.find(({ key }) => key === "step")?.column ?? ""
  const isHuggingFace = format === "trainer-state" || settings.has("logging_nan_inf_filter")
  const isThinned = Number.isInteger(stride) && stride > 1 && steps.length >= enough
  const isEpochs = /epoch/i.test(step) && Number.isInteger(stride) && steps.length >= enough
  const isAveraged = (isHuggingFace && isThinned) || isEpochs
  const isIrregular = isThinned && Number.isInteger(least) && most > 2 * least && !isHuggingFace
  const precision = precisionOf(given)
  const optimizer = optimizerOf(given)
  const isHalf = optimizer === undefined && /^sgd$/i.test(nameOf(given))
  const notes: Array<string> = isEpochs
    ? ["its steps are epochs: each loss is the mean of an epoch, which hides a spike of one step"]
    : isAveraged
      ? [
          `each loss is the mean of ${stride} steps (logging_steps): a spike of one step appears ${stride} times lower, and its gradient is logged only if it was the last step`,
        ]
      : isIrregular
        ? [
            `its steps are ${least} to ${most} apart, as in a sampled history: the whole history shows more`,
          ]
        : isThinned
          ? [
              `the log has one of every ${stride} steps, so it hides the steps between and the speed of a rise`,
            ]
          : []
  if (isHalf)
    notes.push(`${given.source} says sgd, but not its momentum: set --momentum, 0 for none`)
  notes.push(...batchNotes(given))
  return {
    run: { optimizer, batch: batchOf(given) },
    source: given.source,
    precision,
    stride,
    isAveraged,
    isFiltered: isHuggingFace && !/^false$/i.test(settings.get("logging_nan_inf_filter") ?? ""),
    notes,
  }
}
