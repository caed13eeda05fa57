import * as Files from "@nonconvex/nx-plugin/Files"
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Browser, Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as Guides from "../src/Guides.ts"
import * as Api from "../src/reference/Api.ts"
import * as Site from "../src/Site.ts"
import { launch } from "./support/Browser.ts"
import { results, root } from "./support/Told.ts"

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

interface Audited {
  readonly violations: ReadonlyArray<{
    readonly id: string
    readonly nodes: ReadonlyArray<{ readonly html: string }>
  }>
}

/** Of what is in order axe would describe each element as well, which takes most of its time. */
const audit = `axe.run({ preload: false, resultTypes: ["violations"], selectors: false })
  .then(({ violations }) => ({ violations }))`

const violations = async (page: Page): Promise<ReadonlyArray<string>> => {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(axe)
  const audited = await page.evaluate<Audited>(audit)
  return audited.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** One of each kind. */
const kinds = [
  "index.html",
  "how-to/train-with-sam.html",
  "how-to-choose.html",
  "papers/dp-lowrank.html",
  "theorems.html",
  "errata.html",
  "glossary.html",
  "changelog.html",
  "reference/index.html",
  "reference/worst-case.html",
]

describe("the site", () => {
  const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
  let site: Site.Site
  let modules: ReadonlyArray<Api.Module>
  let browser: Browser | undefined

  beforeAll(async () => {
    modules = await Api.read(root, ["worst-case"])
    site = Site.make({ root, modules, results: results() })
    for (const [address, text] of site.texts) {
      mkdirSync(dirname(join(folder, address)), { recursive: true })
      writeFileSync(join(folder, address), text)
    }
    for (const [address, file] of site.copies) {
      mkdirSync(dirname(join(folder, address)), { recursive: true })
      copyFileSync(join(root, file), join(folder, address))
    }
    // the figures are in the folder of the report, which this site is made without
    mkdirSync(join(folder, "results/figures"), { recursive: true })
    for (const text of site.texts.values()) {
      for (const [, name] of text.matchAll(/results\/figures\/([^"]+\.svg)"/g)) {
        writeFileSync(
          join(folder, "results/figures", name!),
          '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300"></svg>',
        )
      }
    }
    browser = await launch()
    // it asks the compiler and the command line, and other tests may have all cores
  }, 480_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  const textAt = (address: string): string => site.texts.get(address) ?? ""

  it("has no link, no anchor and no id of a claim that leads nowhere", () => {
    assert.deepStrictEqual(site.dead, [])
  })

  it("has a page for every Markdown file that is no release note", () => {
    const guides = Files.list(root).filter((file) => /^(?:docs|packages|apps)\/.*\.md$/.test(file))
    const missing = guides.filter(
      (file) =>
        !/\/(?:test|fixtures|files)\/|CHANGELOG/.test(file) &&
        textAt(Guides.addressOf(file)) === "",
    )
    assert.deepStrictEqual(missing, [])
  })

  it("leads from a claim in a text to that claim in the results", () => {
    const link = '<a href="results/index.html#optim-sam/usam-threshold"><code>'
    assert.include(textAt("how-to-choose.html"), link)
    assert.include(textAt("how-to-choose.html"), 'href="results/index.html#study-robustness"')
  })

  it("shows an erratum with its counterexample in whole numbers", () => {
    assert.include(textAt("errata.html"), "gap = 4, norm = 3")
    assert.include(textAt("errata.html"), "by Weyl&#39;s inequality")
  })

  it("says of each function how it is called, what it does, and shows an example that the tests run", () => {
    const worstCase = modules[0]!.items.find(({ name }) => name === "worstCase")!
    assert.match(worstCase.declaration, /^worstCase\(/)
    assert.isTrue(worstCase.hasExample)
    assert.match(worstCase.source, /^packages\/worst-case\/src\/.*\.ts#L\d+$/)
    assert.include(textAt("reference/worst-case.html"), 'id="worstCase"')
  })

  it("names every column of every table", () => {
    const nameless = [...site.texts].filter(([, text]) => text.includes("<th></th>"))
    assert.deepStrictEqual(
      nameless.map(([address]) => address),
      [],
    )
  })

  it("needs nothing but its own files", () => {
    for (const [address, text] of site.texts) {
      if (!address.endsWith(".html")) continue
      const loaded = [...text.matchAll(/<(?:script|link|img)[^>]*(?:src|href)="([^"]*)"/g)]
      for (const [, from] of loaded) assert.notMatch(from!, /^(?:[a-z]+:|\/)/, address)
    }
  })

  /** Opens a page, does something, and holds it to saying nothing on the console. */
  const seen = async (
    address: string,
    look: (page: Page, go: (address: string) => Promise<unknown>) => Promise<void>,
    options: NonNullable<Parameters<Browser["newPage"]>[0]> = {},
  ): Promise<void> => {
    if (browser === undefined) {
      assert.include(textAt(address), "<main")
      return
    }
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options })
    page.setDefaultTimeout(100_000)
    const said: Array<string> = []
    page.on("console", (message) => said.push(message.text()))
    page.on("pageerror", (error) => said.push(error.message))
    const go = (to: string) => page.goto(pathToFileURL(join(folder, to)).href)
    try {
      await go(address)
      await look(page, go)
      assert.deepStrictEqual(said, [])
    } finally {
      await page.close()
    }
  }

  for (const width of [360, 800, 1440]) {
    it(`has no fault that a machine sees, and no line too long, at ${width} px, light and dark`, () =>
      seen(
        kinds[0]!,
        async (page, go) => {
          for (const address of kinds) {
            await go(address)
            await page.waitForSelector("#finder input")
            for (const colorScheme of ["light", "dark"] as const) {
              await page.emulateMedia({ colorScheme })
              assert.deepStrictEqual(await violations(page), [], `${address}, ${colorScheme}`)
              const overflow = await page.evaluate<number>(
                "document.documentElement.scrollWidth - innerWidth",
              )
              assert.isAtMost(overflow, 0, `${address}, ${colorScheme}`)
            }
          }
        },
        { viewport: { width, height: 800 } },
      ))
  }

  it("has no line too long on the screen of a phone, on any page, and under any name", () =>
    seen(
      "index.html",
      async (page, go) => {
        const tooLong: Array<string> = []
        for (const address of site.texts.keys()) {
          if (!address.endsWith(".html") || address.startsWith("results/")) continue
          await go(address)
          // the names of modules have no place where a line may end
          await page.evaluate(
            "document.querySelector('h1').textContent = '@nonconvex/problems/network/BatchNormalised'",
          )
          const overflow = await page.evaluate<number>(
            "document.documentElement.scrollWidth - innerWidth",
          )
          if (overflow > 0) tooLong.push(address)
        }
        assert.deepStrictEqual(tooLong, [], tooLong.join(", "))
      },
      { viewport: { width: 360, height: 800 } },
    ))

  it("begins with a promise, a live toy, code to run, and the papers", () =>
    seen("index.html", async (page) => {
      await page.waitForFunction(
        "document.querySelector('.hero .toy [role=status]')?.innerText.includes('USAM diverged')",
      )
      const bottom = await page.evaluate<number>(
        "document.querySelector('.hero canvas').getBoundingClientRect().bottom",
      )
      assert.isAtMost(bottom, 900)
      assert.strictEqual(
        await page.locator(".toy p a").first().getAttribute("href"),
        "results/index.html#optim-sam/factorisation-usam-diverges",
      )
      const text = await page.locator("article").first().innerText()
      const [code, papers, guides] = [
        text.indexOf("git clone"),
        text.indexOf("7 papers, 7 answers"),
        text.indexOf("Where to begin"),
      ]
      assert.isTrue(0 < code && code < papers && papers < guides)
      await page.locator(".papers a[href='papers/optim-sam.html']").last().click()
      await page.waitForURL("**/papers/optim-sam.html")
      await page.waitForSelector(".article-toy canvas")
      assert.include(await page.locator("article").first().innerText(), "Do its theorems hold?")
    }))

  it("has a list of all pages at the side, open at the group of the page", () =>
    seen("how-to/train-with-sam.html", async (page) => {
      const side = page.locator("nav.side")
      assert.isTrue(await side.locator("a[href='certify-a-network.html']").isVisible())
      assert.isTrue(await side.locator("a[href='../papers/catapults.html']").isVisible())
      assert.isFalse(await side.locator("a[href='../tour.html']").isVisible())
      assert.strictEqual(await side.locator("[aria-current=page]").count(), 1)
    }))

  it("finds a function and a how-to by the keyboard alone, from a page in a folder", () =>
    seen("how-to/train-with-sam.html", async (page) => {
      await page.waitForSelector("#finder input")
      await page.keyboard.press("/")
      await page.keyboard.type("worstCase")
      await page.waitForSelector(".found a")
      await page.keyboard.press("ArrowDown")
      await page.keyboard.press("Enter")
      await page.waitForURL("**/reference/worst-case.html#worstCase")
      await page.waitForSelector("#finder input")
      await page.keyboard.press("/")
      await page.keyboard.type("explain spike")
      await page.waitForSelector('.found a[href="../how-to/explain-a-spike.html"]')
      await page.keyboard.press("Enter")
      await page.waitForURL("**/how-to/explain-a-spike.html")
      assert.match(await page.locator("h1").innerText(), /spike/)
    }))

  it("finds a claim by its words", () =>
    seen("index.html", async (page) => {
      await page.waitForSelector("#finder input")
      await page.keyboard.press("/")
      await page.keyboard.type("usam-threshold")
      const found = await page.waitForSelector(".found a")
      const to = await found.getAttribute("href")
      assert.strictEqual(to, "results/index.html#optim-sam/usam-threshold")
    }))

  it("opens and closes its contents by the keyboard", () =>
    seen("tour.html", async (page) => {
      await page.locator(".contents summary").focus()
      await page.keyboard.press("Enter")
      await page.waitForSelector('.contents a[href="how-to/certify-a-network.html"]', {
        state: "visible",
      })
      await page.keyboard.press("Escape")
      await page.waitForSelector(".contents nav", { state: "hidden" })
      assert.isFalse(await page.locator(".contents nav").isVisible())
    }))

  it("is read without scripts", () =>
    seen(
      "tour.html",
      async (page) => {
        assert.match(await page.locator("h1").innerText(), /tour/)
        await page.locator(".contents summary").click()
        await page.locator('.contents a[href="errata.html"]').click()
        await page.waitForURL("**/errata.html")
      },
      { javaScriptEnabled: false },
    ))
})
