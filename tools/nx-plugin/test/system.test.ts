import { readJson, type Tree, writeJson } from "@nx/devkit"
import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing"
import { assert, describe, it } from "vitest"
import generate, { type Options } from "../src/generators/system/generator.ts"
import { extend } from "../src/generators/system/Register.ts"

const options: Options = {
  name: "label-noise",
  title: 'Implicit bias of "label noise"',
  paper: "Simplicity Bias via Global Convergence of Sharpness Minimization",
  authors: "Khashayar Gatmiry, Zhiyuan Li, Sashank J. Reddi, Stefanie Jegelka",
  venue: "ICML",
  year: 2024,
  arxiv: "2410.16401",
  skipInstall: true,
}

const url = "git+https://example.org/house.git"

const list = [
  'import type { System } from "@nonconvex/evidence/System"',
  "",
  "type Load = () => Promise<{ readonly system: System }>",
  "",
  "export const papers: ReadonlyMap<string, Load> = new Map<string, Load>([])",
  "",
].join("\n")

const workspace = (): Tree => {
  const tree = createTreeWithEmptyWorkspace()
  writeJson(tree, ".oxfmtrc.json", { semi: false })
  writeJson(tree, "package.json", {
    workspaces: ["packages/*", "apps/*"],
    repository: { type: "git", url },
  })
  writeJson(tree, "tsconfig.json", { files: [], references: [] })
  for (const name of ["numerics", "problems", "evidence", "runner", "datasets"]) {
    writeJson(tree, `packages/${name}/package.json`, {
      name: `@nonconvex/${name}`,
      version: "0.3.0",
      nx: { tags: ["type:core"] },
    })
    writeJson(tree, `packages/${name}/tsconfig.json`, {})
  }
  writeJson(tree, "apps/lab/package.json", { name: "@nonconvex/lab", dependencies: { vega: "6" } })
  writeJson(tree, "apps/lab/tsconfig.json", {})
  tree.write("apps/lab/src/evidence/Composition.ts", list)
  return tree
}

const text = (tree: Tree, file: string) => tree.read(`packages/label-noise/${file}`, "utf8") ?? ""

describe("nx g system", () => {
  it("furnishes every room", async () => {
    const tree = workspace()
    await generate(tree, options)
    const files = tree.listChanges().map(({ path }) => path)
    const rooms = [
      "LICENSE",
      "README.md",
      "package.json",
      "src/descent/GradientDescent.ts",
      "src/descent/LearningRate.ts",
      "src/evidence/claims/BestLearningRate.ts",
      "src/evidence/claims/index.ts",
      "src/evidence/errata/index.ts",
      "src/evidence/experiments/LearningRates.ts",
      "src/evidence/experiments/index.ts",
      "src/evidence/index.ts",
      "src/evidence/laws/Contraction.ts",
      "src/evidence/laws/Stability.ts",
      "src/evidence/laws/index.ts",
      "src/evidence/support/Descent.ts",
      "src/evidence/support/Paper.ts",
      "src/evidence/support/Subject.ts",
      "src/evidence/system.ts",
      "src/index.ts",
      "src/operations/Minimise.ts",
      "src/operations/index.ts",
      "src/operations/system.ts",
      "src/theory/Theory.ts",
      "test/Resumption.e2e.ts",
      "test/descent/GradientDescent.test.ts",
      "test/descent/LearningRate.test.ts",
      "test/evidence/conformance.test.ts",
      "test/evidence/system.test.ts",
      "test/support/resumable.ts",
      "test/theory/Theory.test.ts",
      "tsconfig.json",
      "vitest.config.ts",
    ]
    assert.deepStrictEqual(
      files.filter((file) => file.startsWith("packages/label-noise/")).toSorted(),
      rooms.map((room) => `packages/label-noise/${room}`),
    )
    for (const room of rooms) assert.notInclude(text(tree, room), "<%")
  })

  it("names the paper where the report looks for it", async () => {
    const tree = workspace()
    await generate(tree, options)
    const service = text(tree, "src/evidence/system.ts")
    assert.include(service, "title: 'Implicit bias of \"label noise\"'")
    assert.include(service, 'arxiv: "2410.16401"')
    assert.include(text(tree, "src/evidence/support/Paper.ts"), "Gatmiry, Li, Reddi, Jegelka 2024")
  })

  it("is one package among the others: version, references, lab, changeset", async () => {
    const tree = workspace()
    await generate(tree, options)
    const manifest = readJson(tree, "packages/label-noise/package.json")
    assert.deepStrictEqual(manifest.repository, {
      type: "git",
      url,
      directory: "packages/label-noise",
    })
    assert.strictEqual(manifest.version, "0.3.0")
    assert.strictEqual(manifest.peerDependencies["@nonconvex/evidence"], ">=0.3.0 <1.0.0")
    assert.deepStrictEqual(readJson(tree, "packages/label-noise/tsconfig.json").references, [
      { path: "../datasets" },
      { path: "../evidence" },
      { path: "../numerics" },
      { path: "../problems" },
      { path: "../runner" },
    ])
    assert.deepInclude(readJson(tree, "tsconfig.json").references, { path: "packages/label-noise" })
    assert.deepStrictEqual(readJson(tree, "apps/lab/package.json").dependencies, {
      "@nonconvex/label-noise": "0.3.0",
      vega: "6",
    })
    const composition = tree.read("apps/lab/src/evidence/Composition.ts", "utf8")
    assert.include(composition, '["label-noise", () => import("@nonconvex/label-noise/evidence")]')
    assert.include(
      tree.read(".changeset/add-label-noise.md", "utf8"),
      '"@nonconvex/label-noise": minor',
    )
  })

  it("does not write over a package", async () => {
    const tree = workspace()
    await generate(tree, options)
    const error = await generate(tree, options).catch(String)
    assert.strictEqual(error, "Error: packages/label-noise exists already")
  })
})

describe("the composition of the lab", () => {
  const entry = { name: "label-noise", version: "0.1.0" }
  const line = '["label-noise", () => import("@nonconvex/label-noise/evidence")]'

  it("takes a first system", () => {
    assert.include(extend(list, entry), `new Map<string, Load>([${line}])`)
  })

  it("takes another one", () => {
    const first = '["optim-sam", () => import("@nonconvex/optim-sam/evidence")]'
    const before = list.replace("[]", `[\n  ${first},\n]`)
    assert.include(extend(before, entry), `[\n  ${first},\n  ${line},\n]`)
  })

  it("must be there", () => {
    assert.throws(() => extend("export const others = []", entry), /no map named papers/)
  })
})
