/** The package in a browser page, without Node: the same bits and the same proofs. */
import { build } from "esbuild"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { chromium } from "playwright-core"
import { assert, describe, it } from "vitest"
import { type Method, Methods } from "../../src/index.ts"
import { type Answer, answer } from "./entry.ts"

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

/** Bundles the entry with all its imports; an import of a Node builtin fails here. */
const bundled = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "entry.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: ["source"],
    target: "es2023",
    logLevel: "silent",
  })
  return outputFiles[0]!.text
}

const methods: ReadonlyArray<Method> = [
  Methods.gradientDescent({ steps: 2, rate: 1, class: { class: "smooth-convex", L: 1 } }),
  {
    functions: { A: { class: "strongly-monotone", mu: "1/2" } },
    start: ["x"],
    steps: [{ repeat: 2, steps: [{ prox: "x", of: "A", rate: 1 }] }],
    given: [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }],
    measure: { squaredDistance: ["x", "x*"] },
  },
]

describe("in a browser", () => {
  it("needs nothing of Node, and proves what is proved here", { timeout: 60_000 }, async () => {
    const code = await bundled()
    const here = methods.map(answer)
    assert.deepStrictEqual(
      here.map(({ checked }) => checked),
      ["1/10", "16/81"],
    )
    const executablePath = candidates.find((path) => existsSync(path))
    if (executablePath === undefined) {
      console.info(`the page is skipped: no browser at ${candidates.join(", ")}`)
      return
    }
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] })
    try {
      const page = await browser.newPage()
      await page.goto("about:blank")
      const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
      // as text, because the test runner rewrites imports inside functions
      const program = `import(${JSON.stringify(url)}).then(({ answer }) => ${JSON.stringify(methods)}.map(answer))`
      assert.deepStrictEqual(await page.evaluate<ReadonlyArray<Answer>>(program), here)
    } finally {
      await browser.close()
    }
  })
})
