/** Kernels are vectors, products, factors, spectra, samples of networks and streams: they know no method, and take few numbers. */
import { Kernels } from "@nonconvex/numerics"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { compiled } from "../../src/kernels/Engine.ts"
import { base64 } from "../../src/kernels/strict.generated.ts"

const packages = join(import.meta.dirname, "../../..")

const most = 8

/** Products of matrices and vectors, and updates with them, have the parameters of BLAS. */
const products = [
  "gemm",
  "gemm32",
  "gemv",
  "gemv32",
  "gemvBoth",
  "hermitianStep",
  "product",
  "residualGradient",
]

/** Files below a folder whose names end so, with their texts. */
const textsOf = (folder: string, ending: RegExp): ReadonlyArray<readonly [string, string]> =>
  readdirSync(join(packages, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => ending.test(file) && !file.includes("generated"))
    .map((file) => [`${folder}/${file}`, readFileSync(join(packages, folder, file), "utf8")])

const tooMany = (functions: object) =>
  Object.entries(functions).flatMap(([name, value]: [string, unknown]) =>
    typeof value === "function" && value.length > most && !products.includes(name)
      ? [`${name}: ${value.length}`]
      : [],
  )

describe("a kernel", () => {
  it("takes at most eight parameters, but for products", () => {
    assert.deepStrictEqual(tooMany(Kernels.strict()), [])
    assert.deepStrictEqual(tooMany(Kernels.reference()), [])
    assert.deepStrictEqual(tooMany(compiled(base64, 2 ** 16)!.exports!), [])
  })

  it("knows no method, no objective and no paper", () => {
    const words =
      /\bdescen(d\B|t)(?!ing)\w*|extragradient|sharpness|\bsam\b|noisy|label.?noise|monotone|perturb|catapult|saddle|minimax|optimi[sz]er/gi
    const sources = [
      ...textsOf("numerics/src", /\.ts$/),
      ...textsOf("numerics/assembly", /\.ts$/),
      ...textsOf("native/src", /\.ts$/),
      ...textsOf("native/crate/src", /\.rs$/),
    ]
    const found = sources.flatMap(([file, text]) =>
      Array.from(text.matchAll(words), ([word]) => `${file}: ${word}`),
    )
    assert.deepStrictEqual(found, [])
  })
})

describe("a compiled loop", () => {
  const loops = readdirSync(packages).flatMap((name) => {
    try {
      return textsOf(`${name}/src`, /\.kernel\.ts$/)
    } catch {
      return []
    }
  })

  it("stands beside the step that it repeats, in the package of its paper", () => {
    assert.isAbove(loops.length, 0)
    for (const [file] of loops) {
      assert.notMatch(file, /^(numerics|native)\//)
      const beside = readdirSync(join(packages, file, ".."))
      assert.include(beside, file.split("/").at(-1)!.replace(".kernel.ts", ".ts"), file)
    }
  })

  it("takes at most eight parameters", () => {
    const long = loops.flatMap(([file, text]) =>
      Array.from(text.matchAll(/^export function (\w+)\(([^)]*)\)/gm)).flatMap(
        ([, name, parameters]) =>
          Array.from(parameters!.matchAll(/:/g)).length > most ? [`${file}: ${name}`] : [],
      ),
    )
    assert.deepStrictEqual(long, [])
  })
})
