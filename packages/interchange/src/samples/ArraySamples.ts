/** Samples from an archive of NumPy arrays. */
import { listOf, quote } from "@nonconvex/datasets/Quote"
import * as Npz from "@nonconvex/datasets/Npz"
import type * as Npy from "@nonconvex/datasets/Npy"
import { Effect } from "effect"
import { UnfitData } from "./UnfitData.ts"
import { mostNumbers, type Samples, type Targets } from "./Samples.ts"

const usualFeatures = ["x_train", "X_train", "x", "X", "features", "data", "images", "inputs"]
const usualTargets = ["y_train", "Y_train", "y", "Y", "labels", "label", "targets", "target"]

interface Asked {
  readonly features: string | undefined
  readonly target: string | undefined
  readonly rows: number | undefined
  /** True to accept an archive without targets; default false. */
  readonly isTargetOptional?: boolean
}

/** The first `count` rows of an array. */
const firstRows = ({ data, shape }: Npy.Npy, count: number): Npy.Npy["data"] => {
  const width = shape.slice(1).reduce((product, size) => product * size, 1)
  return data._tag === "Numbers"
    ? { _tag: "Numbers", values: data.values.slice(0, count * width) }
    : { _tag: "Texts", values: data.values.slice(0, count * width) }
}

/** Arrays of samples and targets in an archive. Fails with UnfitData if names and sizes do not identify them. */
export const read = Effect.fn("ArraySamples.read")(function* (path: string, asked: Asked) {
  const names: Array<string> = []
  yield* Npz.read(path, (name) => {
    names.push(name)
    return false
  })
  const refuse = (reason: string, remedy: string) => new UnfitData({ path, reason, remedy })
  const choose = (said: string | undefined, usual: ReadonlyArray<string>): string | undefined =>
    said === undefined
      ? usual.find((name) => names.includes(name))
      : names.find((name) => name === said)
  const [x, y] = [choose(asked.features, usualFeatures), choose(asked.target, usualTargets)]
  const isUnlabelled = asked.isTargetOptional === true && asked.target === undefined
  const lacksTarget = y === undefined && !isUnlabelled
  const missing = x === undefined ? "features" : lacksTarget ? "target" : undefined
  if (x === undefined || lacksTarget) {
    const said = asked[missing!]
    const what = missing === "features" ? "samples" : "labels or values"
    return yield* refuse(
      said === undefined
        ? `no array has a usual name for ${what}`
        : `it has no array ${quote(said)}`,
      `name one with --${missing}: it has ${listOf(names)}`,
    )
  }
  const arrays = yield* Npz.read(path, (name) => name === x || name === y)
  const samples = arrays.get(x)!
  const targets = y === undefined ? undefined : arrays.get(y)!
  const [total = 0, ...shape] = samples.shape
  if (shape.length === 0 || total === 0 || samples.data._tag === "Texts") {
    return yield* refuse(
      `array ${quote(x)} has the shape ${samples.shape.join(" x ") || "()"} of ${samples.dtype}`,
      "samples must be rows of numbers: name their array with --features",
    )
  }
  const [others, ...widths] = targets?.shape ?? [total]
  if (others !== total) {
    return yield* refuse(
      `${quote(x)} has ${total} samples, but ${quote(y!)} has ${others ?? "no"} targets`,
      "give two arrays with one row per sample",
    )
  }
  const count = Math.min(total, asked.rows ?? total)
  const size = shape.reduce((product, each) => product * each, 1)
  if (count * size > mostNumbers) {
    return yield* refuse(
      `it has ${count * size} numbers in ${count} samples; the limit is ${mostNumbers}`,
      "use fewer, with --rows",
    )
  }
  const width = widths.reduce((product, each) => product * each, 1)
  const wanted = targets && firstRows(targets, count)
  const values = (firstRows(samples, count) as Npy.Numbers).values
  const isPixels = samples.dtype === "|u1"
  if (isPixels) for (let i = 0; i < values.length; i++) values[i]! /= 255
  const ofTargets: Targets | undefined =
    wanted && wanted._tag === "Texts"
      ? { _tag: "Words", words: wanted.values }
      : wanted && { _tag: "Numbers", values: wanted.values, width }
  return {
    path,
    count,
    shape,
    channels: undefined,
    values,
    targets: ofTargets,
    notes: [
      `samples are array ${quote(x)}, ${samples.shape.join(" x ")}, ${y === undefined ? "without targets" : `and targets ${quote(y)}`}`,
      ...(isPixels ? ["bytes are read as pixels and scaled from 0..255 to 0..1"] : []),
    ],
  } satisfies Samples
})
