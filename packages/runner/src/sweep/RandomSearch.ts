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

/** Coordinate of a draw: the index in a list, the share of a range. */
const coordinateOf = (varied: Varied, share: number): number =>
  isList(varied) ? Math.floor(share * varied.length) : share

const at = (varied: Varied, coordinate: number): Schema.Json =>
  isList(varied) ? varied[coordinate]! : within(varied, coordinate)

/** A configuration with its coordinates, in the order of the settings that vary. */
export interface Draw {
  readonly settings: TrialSettings
  readonly point: ReadonlyArray<number>
}

/** The configuration at these coordinates. */
export const drawAt = ({ vary }: Sweep, point: Draw["point"]): Draw => ({
  point,
  settings: Object.fromEntries(
    Object.entries(vary).map(([name, varied], axis) => [name, at(varied, point[axis]!)]),
  ),
})

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
  const isEven = sweep.sampler === "halton" || sweep.sampler === "tpe"
  if (!isEven) return (index) => (name) => uniform(name, index)
  const bases = Halton.primes(Object.keys(sweep.vary).length)
  const shifts = Object.keys(sweep.vary).map((name) => uniform(name, "shift"))
  // a shift modulo 1 keeps the points as even as they are: Cranley and Patterson 1976
  return (index) => (_, dimension) =>
    (Halton.radicalInverse(index + 1, bases[dimension]!) + shifts[dimension]!) % 1
}

/** Draws for each requested configuration, as some repeat earlier ones. */
export const patience = 100

/** Distinct configurations in the requested number, in the order of their draws. */
export const draws = (sweep: Sweep, asked: number): ReadonlyArray<Draw> => {
  const entries = Object.entries(sweep.vary)
  const shares = sharesOf(sweep)
  const found = new Map<string, Draw>()
  for (let index = 0; found.size < asked && index < patience * asked; index++) {
    const share = shares(index)
    const draw = drawAt(
      sweep,
      entries.map(([name, varied], axis) => coordinateOf(varied, share(name, axis))),
    )
    const key = canonical(draw.settings)
    if (!found.has(key)) found.set(key, draw)
  }
  return [...found.values()]
}
