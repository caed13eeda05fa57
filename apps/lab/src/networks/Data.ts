/** The data of a network, as the flags of a command name them. */
import * as Prepared from "@nonconvex/datasets/Prepared"
import { Effect } from "effect"
import { interruptible } from "../cli/Interruptible.ts"
import { Misfit, reported } from "../cli/Failure.ts"

/** Flag about files that was given with a bundled set, which has its own target and test part. */
const misfit = (source: Prepared.Source): Misfit | undefined => {
  const { category, ignore, keep, ordinal, target, testFraction } = source
  const needs = "a CSV file; a bundled data set has a target and a test set"
  const said: Readonly<Record<string, boolean>> = {
    target: target !== undefined,
    ignore: ignore.length > 0,
    keep: (keep ?? []).length > 0,
    category: (category ?? []).length > 0,
    ordinal: (ordinal ?? []).length > 0,
    "test-fraction": testFraction !== undefined,
  }
  const flag = Object.keys(said).find((name) => said[name])
  return flag === undefined ? undefined : new Misfit({ flag, needs })
}

const fromFile = Effect.fnUntraced(function* (source: Prepared.Source) {
  const { target } = source
  if (target === undefined) return yield* Prepared.withoutTarget(source)
  const whole = yield* Prepared.read({ ...source, target })
  const places = yield* Effect.fromResult(Prepared.placesOf(whole, source))
  // of a million columns it takes seconds
  return yield* Effect.fromResult(yield* interruptible(() => Prepared.divided(whole, places)))
})

/** Reads, encodes, splits and scales. Fails with the errors of the file and their places, and with Misfit on flags without effect. */
export const prepare = Effect.fn("Data.prepare")(function* (source: Prepared.Source) {
  if (yield* Prepared.isPath(source.name)) return yield* fromFile(source)
  const data = yield* Prepared.ofShipped(source.name)
  const wrong = misfit(source)
  return wrong === undefined ? data : yield* wrong
}, reported)
