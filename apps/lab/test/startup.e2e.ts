/** What commands load: no reader of files that none names, no tester where nothing is tested, and the evidence of no paper that is not asked for. */
import { afterAll, assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { pathToFileURL } from "node:url"
import { temporary } from "./support/Folders.ts"

interface Loaded {
  /** Packages that are not of the workspace. */
  readonly packages: ReadonlyArray<string>
  /** Papers of which a part of the evidence was loaded. */
  readonly evidence: ReadonlyArray<string>
  readonly modules: number
}

const matches = (urls: ReadonlyArray<string>, pattern: RegExp): ReadonlyArray<string> => [
  ...new Set(urls.flatMap((url) => pattern.exec(url)?.[1] ?? [])),
]

/** What the threads of a command load, the main one first. */
const loadedBy = (folder: string, ...args: ReadonlyArray<string>): ReadonlyArray<Loaded> => {
  const fixture = join(import.meta.dirname, "fixtures", "loaded.ts")
  const main = join(import.meta.dirname, "..", "src", "main.ts")
  const record = temporary()
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--conditions=source", main, ...args, "--quiet"],
    {
      encoding: "utf8",
      cwd: folder,
      env: {
        ...process.env,
        NODE_OPTIONS: `--import ${pathToFileURL(fixture).href}`,
        NONCONVEX_LOADED: record,
      },
    },
  )
  assert.strictEqual(status, 0, stderr)
  return readdirSync(record)
    .toSorted((a, b) => Number(a) - Number(b))
    .map((thread) => {
      const urls = readFileSync(join(record, thread), "utf8").split("\n").filter(Boolean)
      return {
        packages: matches(urls, /.*node_modules\/((?:@[^/]+\/)?[^/]+)/).toSorted(),
        evidence: matches(urls, /packages\/([^/]+)\/src\/evidence\//).toSorted(),
        modules: urls.length,
      }
    })
}

const always = ["@effect/platform-node", "@effect/platform-node-shared", "effect"]
const testing = ["fast-check", "pure-rand"]

describe("the start of a command", () => {
  it("loads effect and the flags of commands for help", () => {
    const [only, ...others] = loadedBy(temporary(), "--help")
    assert.deepStrictEqual(only!.packages, always)
    assert.deepStrictEqual(others, [])
    // 292 when this was written, two thirds of them effect's
    assert.isAtMost(only!.modules, 330)
  })

  it("loads no paper to list them", () => {
    const [only] = loadedBy(temporary(), "systems")
    assert.deepStrictEqual(only!.packages, always)
    assert.deepStrictEqual(only!.evidence, [])
  })

  it("loads one paper, on each thread, for a claim of it", () => {
    const claim = "optim-sam/normalised-step-length"
    const threads = loadedBy(temporary(), "verify", claim, "--runs", "1", "--no-store")
    assert.isAtLeast(threads.length, 2)
    for (const { evidence, packages } of threads) {
      assert.deepStrictEqual(evidence, ["optim-sam"])
      assert.include(packages, "fast-check")
      assert.isEmpty(packages.filter((name) => ![...always, ...testing].includes(name)))
    }
  })
})

/** Small inputs of the commands on data of one's own. */
const inputs = (): string => {
  const folder = temporary(afterAll)
  const table = (
    name: string,
    heading: string,
    row: (k: number) => ReadonlyArray<string | number>,
  ) =>
    writeFileSync(
      join(folder, name),
      [heading, ...Array.from({ length: 60 }, (_, k) => row(k).join(","))].join("\n"),
    )
  const part = (k: number) => ((k * 37) % 61) / 61
  table("rows.csv", "a,b,y", (k) => [part(k), part(7 * k + 1), part(3 * k)])
  table("private.csv", "a,b", (k) => [part(k) / 2, part(7 * k + 1) / 2])
  table("losses.csv", "step,loss", (k) => [k, 1 / (k + 1)])
  table("ratings.csv", "user,item,rating", (k) => [`u${k % 9}`, `i${k % 7}`, 1 + (k % 5)])
  writeFileSync(join(folder, "game.csv"), "0,1,-1\n-1,0,1\n1,-1,0\n")
  const method = {
    functions: { f: { class: "smooth-convex", L: 1 } },
    start: ["x"],
    steps: [{ step: "x", of: "f", rate: 1 }],
    given: [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }],
    measure: { gap: "x" },
  }
  writeFileSync(join(folder, "method.json"), JSON.stringify(method))
  return folder
}

const privacy = ["--epsilon", "1", "--delta", "1e-3", "--neighbours", "replace"]

/** Commands in an order in which each finds its files. */
const commands: ReadonlyArray<ReadonlyArray<string>> = [
  ["worst-case", "method.json"],
  ["solve", "game.csv"],
  ["diagnose", "losses.csv"],
  ["complete", "ratings.csv"],
  ["train", "rows.csv", "--target", "y", "--epochs", "3", "--save", "network.json"],
  ["predict", "network.json", "rows.csv"],
  ["certify", "network.json", "rows.csv"],
  ["flatten", "flat.json", "rows.csv", "--target", "y", "--create", "cubic", "--neurons", "6"],
  ["release", "private.csv", "--bound", "1", "--rank", "1", ...privacy, "--create-ledger"],
  ["audit", "isotropic", "--samples", "200", ...privacy],
]

describe("a command on data of one's own", () => {
  const folder = inputs()

  it.each(commands)("%s loads no evidence and no tester", (...command) => {
    for (const { evidence, packages } of loadedBy(folder, ...command)) {
      assert.deepStrictEqual(evidence, [])
      for (const name of testing) assert.notInclude(packages, name)
    }
  })
})
