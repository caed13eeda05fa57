/** Pages in a browser, where this machine has one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Browser, Page } from "playwright-core"
import { afterAll, assert, beforeAll } from "vitest"
import { candidates, launch } from "./Browser.ts"

type Options = NonNullable<Parameters<Browser["newPage"]>[0]>

/** A page that is written before the tests of a group, and opened by each. */
export const paged = (write: (folder: string) => Promise<string>) => {
  const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
  let browser: Browser | undefined
  let address = ""
  let markup = ""
  beforeAll(async () => {
    browser = await launch()
    markup = await write(folder)
    const file = join(folder, "index.html")
    writeFileSync(file, markup)
    address = pathToFileURL(file).href
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })
  /** Opens the page at an address, does something, and holds it to saying nothing on the console; `before` is run in it before its scripts. */
  return async (
    hash: string,
    look: (page: Page) => Promise<void>,
    options: Options = {},
    before = "",
  ): Promise<void> => {
    if (browser === undefined) {
      console.info(`skipped: no browser at ${candidates.join(", ")}`)
      assert.include(markup, "data-part")
      return
    }
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options })
    const said: Array<string> = []
    page.on("console", (message) => said.push(message.text()))
    page.on("pageerror", (error) => said.push(error.message))
    try {
      await page.addInitScript(before)
      await page.goto(`${address}#${hash}`)
      if (options.javaScriptEnabled !== false) await page.waitForSelector(".bar")
      await look(page)
      assert.deepStrictEqual(said, [])
    } finally {
      await page.close()
    }
  }
}

export const textOf = (page: Page, selector: string): Promise<string> =>
  page.locator(selector).first().innerText()

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

interface Audited {
  readonly violations: ReadonlyArray<{
    readonly id: string
    readonly nodes: ReadonlyArray<{ readonly html: string }>
  }>
}

/**
 * What axe finds wrong on the page as it is shown, but in what `without` selects. It comes in from outside, once a page: a script in the page
 * a policy may refuse. Of what is in order it would describe each element as well, which takes most of its time.
 */
export const violations = async (page: Page, without = ""): Promise<ReadonlyArray<string>> => {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(axe)
  const scope = without === "" ? "document" : `{ exclude: [${JSON.stringify(without)}] }`
  const audited = await page.evaluate<Audited>(
    `axe.run(${scope}, { resultTypes: ["violations"], selectors: false })
      .then(({ violations }) => ({ violations }))`,
  )
  return audited.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** Presses Tab until a link or a button has the focus that says some words, then Enter. */
export const enter = async (page: Page, words: string): Promise<void> => {
  for (let presses = 0; presses < 200; presses++) {
    await page.keyboard.press("Tab")
    const focused = await page.evaluate<string>(
      "document.activeElement?.matches('a, button') ? document.activeElement.innerText : ''",
    )
    if (focused.includes(words)) {
      await page.keyboard.press("Enter")
      return
    }
  }
  assert.fail(`no Tab leads to "${words}"`)
}
