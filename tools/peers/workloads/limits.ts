/** What bounds everything else on this machine, measured in the same run: multiply-adds, memory, a call, an effect. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Kernels } from "@nonconvex/numerics"
import asc from "assemblyscript/asc"
import { Effect } from "effect"
import type { Case, Implementation, Parameters, Work, Workload } from "../src/Workload.ts"

const n = 1024
const doubles = 2 ** 24
/** As many as the largest matrix of `numerics/gemv` has: more than the caches hold, if not by much. */
const fewer = 2 ** 22
const yields = 1000
const kinds = { double: 0, single: 1, memory: 2, call: 3, effect: 4, reading: 5 }

const cases: ReadonlyArray<Case> = [
  {
    name: "multiply-add float64",
    parameters: { kind: kinds.double, n },
    operations: 2 * n ** 3,
    limit: "float64",
    tolerance: 0,
  },
  {
    name: "multiply-add float32",
    parameters: { kind: kinds.single, n },
    operations: 2 * n ** 3,
    limit: "float32",
    tolerance: 0,
  },
  {
    name: "reading 32 MB",
    parameters: { kind: kinds.reading, n: fewer },
    bytes: 8 * fewer,
    limit: "reading",
    tolerance: 0,
  },
  {
    name: "reading memory",
    parameters: { kind: kinds.memory, n: doubles },
    bytes: 8 * doubles,
    limit: "memory",
    tolerance: 0,
  },
  { name: "an empty kernel call", parameters: { kind: kinds.call }, tolerance: 0 },
  { name: `${yields} effects`, parameters: { kind: kinds.effect, yields }, tolerance: 0 },
]

interface Peak {
  readonly peak64: (rounds: number, factor: number, term: number) => number
  readonly peak32: (rounds: number, factor: number, term: number) => number
  readonly write: (bytes: number) => void
  readonly read: (bytes: number) => number
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: object }
}

const compile = async (): Promise<Peak> => {
  const source = readFileSync(join(import.meta.dirname, "..", "assembly", "peak.ts"), "utf8")
  let bytes = new Uint8Array(0)
  const options =
    "-O3 --runtime stub --initialMemory 2064 --enable simd --enable relaxed-simd -o peak.wasm"
  const { error } = await asc.main(["peak.ts", ...options.split(" ")], {
    readFile: (name) => (name === "peak.ts" ? source : null),
    writeFile: (name, contents) => {
      if (name === "peak.wasm" && typeof contents !== "string") bytes = Uint8Array.from(contents)
    },
    listFiles: () => [],
  })
  if (error !== null) throw error
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Peak
}

const { peak32, peak64, read, write } = await compile()
const constant = (run: () => void): Work => ({ run, result: () => [1] })

/** Many short calls: an engine replaces slow first code between calls, not within one. */
const pieces = 1000
/** Operations of one round of a loop: 12 accumulators, 2 operations, 2 elements (4 of float32). */
const perRound = 12 * 2 * 2

const simd = ({ kind }: Parameters): Work | undefined => {
  if (kind === kinds.reading || kind === kinds.memory) {
    const bytes = 8 * (kind === kinds.memory ? doubles : fewer)
    write(bytes)
    return constant(() => read(bytes))
  }
  const single = kind === kinds.single
  if (kind !== kinds.double && !single) return undefined
  const rounds = Math.round((2 * n ** 3) / pieces / (single ? 2 * perRound : perRound))
  const peak = single ? peak32 : peak64
  return constant(() => {
    for (let i = 0; i < pieces; i++) peak(rounds, 0.5, 1)
  })
}

const kernels = ({ kind }: Parameters): Work | undefined => {
  const { arena, dot } = Kernels.strict()
  if (kind === kinds.memory || kind === kinds.reading) {
    const x = arena.f64(kind === kinds.memory ? doubles : fewer)
    return constant(() => dot(x, x))
  }
  if (kind === kinds.call) {
    const x = arena.f64(64)
    return constant(() => dot(x, x))
  }
  return undefined
}

const program = Effect.gen(function* () {
  for (let i = 0; i < yields; i++) yield* Effect.succeed(i)
})

const effects = ({ kind }: Parameters): Work | undefined =>
  kind === kinds.effect ? constant(() => Effect.runSync(program)) : undefined

const own = (
  name: string,
  prepare: (parameters: Parameters) => Work | undefined,
): Implementation => ({ name, own: true, prepare })

export const workload: Workload = {
  cases,
  implementations: [own("128-bit SIMD", simd), own("strict", kernels), own("effect", effects)],
}
