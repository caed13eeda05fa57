import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"
import { assert, describe, it } from "vitest"
import { type Answers, bundle } from "./bundle.ts"
import * as entry from "./engineEntry.ts"

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
const executablePath = candidates.find((path) => existsSync(path))

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** Runs the bundle in a page and returns what both functions of the entry return there. */
const inBrowser = async (browser: Browser, code: string): Promise<Answers> => {
  const page = await browser.newPage()
  await page.goto("about:blank")
  const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
  // As text, because the test runner rewrites imports inside functions.
  const program = `import(${JSON.stringify(url)}).then((entry) => ({
    failures: entry.failures(),
    fingerprint: entry.fingerprint(),
  }))`
  return page.evaluate<Answers>(program)
}

describe("in headless Chromium", () => {
  it("holds every law, with the bits of Node", { timeout: 120_000 }, async () => {
    if (executablePath === undefined) {
      console.info(`skipped: no browser at ${candidates.join(", ")}`)
      assert.deepStrictEqual(
        candidates.map((path) => existsSync(path)),
        candidates.map(() => false),
      )
      return
    }
    const code = await bundle()
    const browser = await chromium.launch({ executablePath, args: flags })
    try {
      const { failures, fingerprint } = await inBrowser(browser, code)
      assert.deepStrictEqual(failures, [])
      assert.deepStrictEqual(fingerprint, entry.fingerprint())
      assert.strictEqual(fingerprint.name, "strict")
    } finally {
      await browser.close()
    }
  })
})
