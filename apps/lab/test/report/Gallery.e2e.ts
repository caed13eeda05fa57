/** The page as people see it: in a browser, where this machine has one. */
import { readFileSync } from "node:fs"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import * as PageOf from "../../src/evidence/report/Page.ts"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"
import { paged, textOf, violations } from "../support/Pages.ts"
import { resultsIn } from "../support/Reported.ts"

const pages = [
  "",
  "toy",
  "toy/dice",
  "toy/symmetric",
  "toy/at-most-nine",
  "claims",
  "search?words=digit",
  "study-robustness",
  "none",
  "play",
  "replay/optim-sam/valley-drift@1:3",
  "replay/nothing",
]

describe("the page of a report, in a browser", () => {
  let known: ReadonlyArray<string> = []
  const seen = paged(async (folder) => {
    const systems = await Effect.runPromise(allSystems.pipe(Effect.provide(Systems.layer)))
    known = systems.flatMap(({ claims }) => claims.map(({ id }) => id))
    return PageOf.render(await Effect.runPromise(resultsIn(folder)))
  })

  for (const width of [360, 800, 1440]) {
    it(`has no fault that a machine sees, and no line too long, at ${width} px, light and dark`, () =>
      seen(
        "",
        async (page) => {
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme })
            for (const hash of pages) {
              await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
              await page.waitForSelector(
                hash === "" ? "#home:not([hidden])" : "main[tabindex] :is(h1, .callout)",
              )
              assert.deepStrictEqual(await violations(page), [], `${hash}, ${colorScheme}`)
              const overflow = await page.evaluate<number>(
                "document.documentElement.scrollWidth - innerWidth",
              )
              assert.isAtMost(overflow, 0, `${hash}, ${colorScheme}`)
            }
          }
        },
        { viewport: { width, height: 900 } },
      ))
  }

  it("finds by words and by keyboard alone", () =>
    seen("", async (page) => {
      await page.keyboard.press("/")
      await page.keyboard.type("mind order")
      await page.waitForFunction("location.hash === '#search?words=mind+order'")
      assert.include(await textOf(page, ".hits"), "Addition does not mind the order.")
      await page.keyboard.press("Tab")
      await page.keyboard.press("Enter")
      await page.waitForFunction("location.hash === '#toy/symmetric'")
      await page.waitForSelector("article h1")
      assert.include(await textOf(page, "article h1"), "toy/symmetric")
      assert.include(await textOf(page, "article"), "nonconvex verify toy/symmetric")
    }))

  it("narrows claims down, and keeps it in the address", () =>
    seen("claims", async (page) => {
      assert.strictEqual(await textOf(page, "[role=status]"), "3 of 3")
      await page.getByLabel("verdict").selectOption("refuted")
      assert.strictEqual(await textOf(page, "[role=status]"), "1 of 3")
      await page.reload()
      await page.waitForSelector("tbody tr")
      assert.strictEqual(await page.locator("tbody tr").count(), 1)
      assert.include(await textOf(page, "tbody"), "A digit is at most eight.")
    }))

  it("draws a figure when it is looked at, without some of its series, and saves it", () =>
    seen("study-from-a-bad-minimum-at-rates-of-their-own", async (page) => {
      const figure = page.locator("figure").first()
      await figure.scrollIntoViewIfNeeded()
      await figure.locator(".picture svg").waitFor()
      const lines = () => figure.locator(".picture path[aria-roledescription='line mark']").count()
      const all = await lines()
      assert.isAbove(all, 1)
      await figure.getByText("Look closer").click()
      await figure.getByLabel("SGD", { exact: true }).click()
      await page.waitForFunction("location.hash.includes('hide=SGD')")
      await page.waitForFunction(
        `document.querySelector("figure").querySelectorAll("path[aria-roledescription='line mark']").length < ${all}`,
      )
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        figure.getByRole("button", { name: "SVG" }).click(),
      ])
      assert.match(
        download.suggestedFilename(),
        /^study-from-a-bad-minimum-at-rates-of-their-own-[a-z-]+\.svg$/,
      )
      const saved = readFileSync(await download.path(), "utf8")
      assert.match(saved, /^<svg/)
      assert.notInclude(saved, "var(--")
    }))

  it("sorts and saves the rows behind a figure", () =>
    seen("toy/dice", async (page) => {
      await page.getByText("Data: 20 rows").click()
      const first = () => page.locator("table.rows tbody tr").first().innerText()
      const before = await first()
      await page.getByRole("button", { name: "roll" }).click()
      await page.getByRole("button", { name: "roll ↑" }).click()
      assert.notStrictEqual(await first(), before)
      assert.match(await first(), /^20\b/)
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "toy-dice.csv" }).click(),
      ])
      const saved = readFileSync(await download.path(), "utf8")
      assert.match(saved, /^roll,mean,dice\r\n1,\d,"fair, ""square"""\r\n/)
      assert.lengthOf(saved.trimEnd().split("\r\n"), 21)
    }))

  it("plays, from where the reader puts the start, each toy beside a claim that there is", () =>
    seen("play/normalisation", async (page) => {
      await page.waitForFunction("document.querySelector('.toy [role=status]').innerText !== ''")
      await page.locator(".scene canvas").focus()
      await page.keyboard.press("ArrowLeft")
      await page.waitForFunction("location.hash.includes('start=')")
      await page.getByLabel("radius").last().fill("950")
      await page.waitForFunction("location.hash.includes('radius=')")
      await page.waitForFunction(
        "document.querySelector('.toy [role=status]').innerText.includes('USAM diverged')",
      )
      const links = page.locator("nav[aria-label='the toys'] a")
      const claims = new Set(known)
      assert.strictEqual(await links.count(), 9)
      for (const link of await links.all()) {
        await link.click()
        await page.waitForSelector(`.toy h2:text-is(${JSON.stringify(await link.innerText())})`)
        const [, claim] = (await page.locator(".toy p a").first().getAttribute("href"))!.split("#")
        assert.include([...claims], claim!)
      }
    }))

  it("lays all of it out for paper", () =>
    seen("print", async (page) => {
      await page.waitForSelector("[data-ready=yes]", { timeout: 60_000 })
      assert.isAbove(await page.locator(".paper figure svg").count(), 20)
      assert.strictEqual(await page.locator(".callout").count(), 0)
      // pictures are looked at where they stand alone
      assert.deepStrictEqual(await violations(page, ".paper figure"), [])
      assert.include(await textOf(page, ".paper"), "A digit is at most eight.")
    }))

  it("says what it does not have", () =>
    seen("toy/none%", async (page) => {
      assert.include(await textOf(page, ".callout"), "This page has no part called toy/none%.")
    }))

  it("has its first screen without scripts, and says that the rest needs them", () =>
    seen(
      "",
      async (page) => {
        const text = await textOf(page, "#home")
        assert.include(text, "Why does SAM divide its step by the norm of the gradient?")
        assert.include(text, "The rest of this report needs JavaScript")
      },
      { javaScriptEnabled: false },
    ))
})
