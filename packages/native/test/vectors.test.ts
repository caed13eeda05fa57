/** Vector sets of the compiled kernels: the widest of the processor, or those that the environment names. */
import { readFileSync } from "node:fs"
import process from "node:process"
import { assert, describe, it } from "vitest"
import { compiled } from "./support/Found.ts"

/** Vector sets of this processor, widest first, as Linux reports them. */
const ofProcessor = (): ReadonlyArray<string> => {
  if (process.arch === "arm64") return ["NEON"]
  const flags = readFileSync("/proc/cpuinfo", "utf8")
  const has = (flag: string): boolean => new RegExp(`\\b${flag}\\b`).test(flags)
  return [
    ...(has("avx512f") && has("avx512dq") ? ["AVX-512"] : []),
    ...(has("avx2") && has("fma") ? ["AVX2"] : []),
    "SSE2",
  ]
}

describe.runIf(process.platform === "linux")("compiled kernels", () => {
  it("have the widest vectors of the processor that the environment allows", () => {
    compiled(({ vectors }) => {
      const widest = ofProcessor()
      const asked = process.env["NONCONVEX_NATIVE_VECTORS"]
      const named = widest.find((each) => each === asked)
      assert.strictEqual(vectors, named ?? widest[0])
    })
  })
})
