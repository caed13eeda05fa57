/** Random search: draws of the settings of a sweep, independent or by a Halton sequence. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Schema } from "effect"
import { canonical } from "../RunKey.ts"
import * as Halton from "./Halton.ts"
import type { ParameterRange } from "./ParameterRange.ts"
import { isList, type TrialSettings, type Sweep, type Varied } from "./Sweep.ts"

/** The value at `share` of a range, from 0 to below 1. */
const within = (
  { high, integer = false, low, scale = "linear" }: ParameterRange,
  share: number,
): number => {
  const clamped = (value: number) => Math.min(high, Math.max(low, value))
  if (scale === "linear") {
    return clamped(
      integer ? low + Math.floor(share * (high - low + 1)) : low + share * (high - low),
    )
  }
  const ratio = Elementary.log(high / low)
  const value = low * Elementary.exp(share * ratio)
  return clamped(integer ? Math.round(value) : value)
}

const at = (varied: Varied, share: number): Schema.Json =>
  isList(varied) ? varied[Math.floor(share * varied.length)]! : within(varied, share)

/**
 * Coordinates of draw `index` in [0, 1) for each dimension; random draws have one stream per dimension, so that adding a
 * setting changes none.
 */
const sharesOf = (
  sweep: Sweep,
): ((index: number) => (name: string, dimension: number) => number) => {
  const root = Seed.root(sweep.samplerSeed).child("sweep")
  const uniform = (name: string, label: number | string) =>
    RandomStream.make(root.child(name).child(label)).uniform()
  if (sweep.sampler !== "halton") return (index) => (name) => uniform(name, index)
  const bases = Halton.primes(Object.keys(sweep.vary).length)
  const shifts = Object.keys(sweep.vary).map((name) => uniform(name, "shift"))
  // a shift modulo 1 keeps the points as even as they are: Cranley and Patterson 1976
  return (index) => (_, dimension) =>
    (Halton.radicalInverse(index + 1, bases[dimension]!) + shifts[dimension]!) % 1
}

/** Draws for each requested configuration, as some repeat earlier ones. */
const patience = 100

/** Distinct configurations in the requested number, in the order of their draws. */
export const configurations = (sweep: Sweep, asked: number): ReadonlyArray<TrialSettings> => {
  const entries = Object.entries(sweep.vary)
  const shares = sharesOf(sweep)
  const found = new Map<string, TrialSettings>()
  for (let index = 0; found.size < asked && index < patience * asked; index++) {
    const share = shares(index)
    const settings = Object.fromEntries(
      entries.map(([name, varied], dimension) => [name, at(varied, share(name, dimension))]),
    )
    const key = canonical(settings)
    if (!found.has(key)) found.set(key, settings)
  }
  return [...found.values()]
}
