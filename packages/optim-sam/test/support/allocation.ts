/** Run as a program: what a step of one method on the scalar factorisation allocates, and where the steps led, as JSON. */
import { allocated } from "@nonconvex/evidence/memory"
import {
  adamW,
  momentum,
  nesterov,
  scalarFactorisation,
  sgd,
  type Update,
} from "@nonconvex/problems"
import { sam, usam } from "../../src/index.ts"

export interface Found {
  readonly bytesPerStep: number
  readonly steps: number
  readonly point: ReadonlyArray<number>
}

const bases: Readonly<Record<string, Update>> = {
  sgd: sgd({ learningRate: 1e-3 }),
  momentum: momentum({ learningRate: 1e-4 }),
  nesterov: nesterov({ learningRate: 1e-4 }),
  adamw: adamW({ learningRate: 1e-9 }),
}

const [name = "sam", base = "sgd", steps = "1"] = process.argv.slice(2)
const method = (name === "usam" ? usam : sam)({ radius: 1e-3, base: bases[base]! })
const state = method.init(scalarFactorisation(), Float64Array.of(1e-3, 8))
const takeSteps = (count: number) => {
  for (let t = 0; t < count; t++) method.step(state)
}
const found = await allocated(takeSteps, { first: 5_000_000, steps: Number(steps) })
process.stdout.write(JSON.stringify({ ...found, point: [...state.point] } satisfies Found))
