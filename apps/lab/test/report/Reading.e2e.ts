/** How a report is read: by the pointer, and on paper. */
import { Effect } from "effect"
import type { Page } from "playwright-core"
import { assert, describe, it } from "vitest"
import * as PageOf from "../../src/evidence/report/Page.ts"
import { paged, textOf } from "../support/Pages.ts"
import { resultsIn } from "../support/Reported.ts"

/** Middle of each mark of a figure that answers the pointer, on the screen. */
const placesOf = (page: Page, marks: string) =>
  page.locator(marks).evaluateAll((all) =>
    all.map((each) => {
      const { height, left, top, width } = each.getBoundingClientRect()
      return { x: left + width / 2, y: top + height / 2 }
    }),
  ) as Promise<ReadonlyArray<{ readonly x: number; readonly y: number }>>

describe("the page of a report, read", () => {
  const seen = paged(async (folder) => PageOf.render(await Effect.runPromise(resultsIn(folder))))

  it("shows the value under the pointer, and nothing once the pointer has left", () =>
    seen("study-from-a-bad-minimum-at-rates-of-their-own", async (page) => {
      const figure = page.locator("figure").first()
      await figure.scrollIntoViewIfNeeded()
      await figure.locator(".picture svg").waitFor()
      const marks = "figure:first-of-type .picture path[aria-roledescription=point]"
      const places = (await placesOf(page, marks)).slice(0, 12)
      assert.isAbove(places.length, 3)
      for (const { x, y } of places) {
        await page.mouse.move(x, y)
        await figure.locator(".tip:not([hidden])").waitFor({ timeout: 2000 })
        assert.match(await figure.locator(".tip").innerText(), /: .*\d/)
      }
      await page.mouse.move(1, 1)
      await figure.locator(".tip").waitFor({ state: "hidden" })
    }))

  it("draws each figure that was never in sight before it is printed", () =>
    seen(
      "study-robustness",
      async (page) => {
        await page.waitForSelector("figure .picture")
        await page.waitForFunction("'nonconvexEngine' in globalThis")
        const drawn = await page.evaluate<readonly [number, number]>(
          `new Promise((resolve) => {
            dispatchEvent(new Event("beforeprint"))
            const { port1, port2 } = new MessageChannel()
            port1.onmessage = () => resolve([
              document.querySelectorAll("figure").length,
              document.querySelectorAll("figure .picture svg").length,
            ])
            port2.postMessage("the earliest task after this one")
          })`,
        )
        assert.isAbove(drawn[0], 1)
        assert.strictEqual(drawn[1], drawn[0])
      },
      { viewport: { width: 800, height: 200 } },
    ))

  it("names in its title what it shows", () =>
    seen("study-robustness", async (page) => {
      await page.waitForSelector("article h1")
      assert.strictEqual(await page.title(), `${await textOf(page, "article h1")} · nonconvex`)
      await page.evaluate("location.hash = 'search?words=flat'")
      await page.waitForFunction("document.title === 'Search: flat · nonconvex'")
    }))

  it("prints each figure with its caption, and each finding of a study with its outcome", () =>
    seen("print", async (page) => {
      await page.waitForSelector("[data-ready=yes]", { timeout: 90_000 })
      const captions = await page.locator(".paper figcaption").allInnerTexts()
      assert.strictEqual(captions.length, await page.locator(".paper figure svg").count())
      for (const caption of captions) assert.isAbove(caption.length, 20, caption)
      const findings = await page.locator(".paper .columns .short li").allInnerTexts()
      const judged = findings.filter((text) => /^(?:supported|contradicted|undecided)/.test(text))
      assert.isAbove(judged.length, 50)
      for (const finding of judged) assert.isAbove(finding.length, 30, finding)
    }))
})
