/** What is looked at stands in the address, and each place has one: in a browser, where this machine has one. */
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { assert, describe, it } from "vitest"
import * as PageOf from "../../src/evidence/report/Page.ts"
import * as Results from "../../src/evidence/report/Results.ts"
import { system as toy } from "../fixtures/toy.ts"
import { nonconvex } from "../support/InProcess.ts"
import { paged, violations } from "../support/Pages.ts"

const written = Effect.fnUntraced(function* (out: string) {
  const options = ["--preset", "smoke", "--quiet", "--jobs", "1", "--no-store", "--out", out]
  yield* nonconvex([toy], ["reproduce", ...options])
  const { systems, ...rest } = yield* Results.decode(
    readFileSync(join(out, "results.json"), "utf8"),
  )
  const [first] = systems
  // more rows than a page of them has
  const rows = Array.from({ length: 200 }, (_, k) => ({
    roll: k + 1,
    mean: (k * 7) % 11,
    dice: "",
  }))
  const experiments = first!.experiments.map((each) => ({ ...each, rows }))
  return PageOf.render({ ...rest, systems: [{ ...first!, experiments }] }, { toy: picture })
})

/** A picture whose parts name each other. */
const picture = `<svg width="20" height="20"><clipPath id="toy-0"><path d="M0 0h20v20z" /></clipPath><g clip-path="url(#toy-0)"><path d="M0 0h9v9z" /></g></svg>`

const hashOf = (page: Page) => page.evaluate<string>("decodeURIComponent(location.hash)")

const topOf = (page: Page, id: string) =>
  page.evaluate<number>(
    `document.getElementById(${JSON.stringify(id)}).getBoundingClientRect().top`,
  )

describe("the address of what is seen", () => {
  const seen = paged((folder) => Effect.runPromise(written(folder)))

  const drawn = async (page: Page) => {
    const figure = page.locator("figure").first()
    await figure.locator(".picture svg").waitFor()
    await figure
      .getByRole("button", { name: "SVG", includeHidden: true, disabled: false })
      .waitFor({
        state: "attached",
      })
    return figure
  }

  it("is there for every heading and every figure, and leads to it", () =>
    seen("toy", async (page) => {
      await page.waitForSelector("h2[id]")
      const headings = await page.evaluate<ReadonlyArray<string>>(
        "[...document.querySelectorAll('main[tabindex] :is(h2, h3)')].map(({ id }) => id)",
      )
      assert.isAbove(headings.length, 2)
      assert.strictEqual(new Set(headings).size, headings.length)
      const last = headings.at(-1)!
      // on a low screen it is below
      await page.setViewportSize({ width: 800, height: 200 })
      await page.locator(`[id="${last}"] .place`).focus()
      await page.keyboard.press("Enter")
      assert.include(await hashOf(page), `to=${last}`)
      await page.reload()
      await page.waitForFunction(
        `document.getElementById(${JSON.stringify(last)})?.getBoundingClientRect().top < 300`,
      )
      const top = await topOf(page, last)
      assert.isTrue(top >= 0 && top < 100, `it is at ${top}`)
      await page.evaluate("location.hash = 'toy/dice'")
      const figure = await drawn(page)
      const name = (await figure.getAttribute("id"))!
      assert.strictEqual(
        await figure.locator(".place").getAttribute("href"),
        `#toy/dice?to=${name}`,
      )
      await page.evaluate(`location.hash = ${JSON.stringify(`toy/dice?to=${name}`)}`)
      await page.waitForFunction(
        `document.getElementById(${JSON.stringify(name)})?.getBoundingClientRect().top < 200`,
      )
      await page.evaluate("location.hash = '?to=provenance'")
      await page.waitForFunction(
        "document.getElementById('provenance').getBoundingClientRect().top < 300",
      )
    }))

  it("has no id twice on a page", () =>
    seen("toy", async (page) => {
      await page.waitForSelector("article h1")
      const ids = await page.evaluate<ReadonlyArray<string>>(
        "[...document.querySelectorAll('[id]')].map(({ id }) => id)",
      )
      assert.strictEqual(new Set(ids).size, ids.length)
    }))

  it("keeps the order of rows, which of them are seen, and what is open", () =>
    seen("toy/dice", async (page) => {
      await page.getByText("Data: 200 rows").click()
      await page.getByRole("button", { name: "roll", exact: true }).click()
      await page.getByRole("button", { name: "roll ↑" }).click()
      await page.getByRole("button", { name: "After" }).click()
      await page.getByText("Look closer").first().click()
      await page.waitForFunction("location.hash.includes('closer=open')")
      const row = () => page.locator("table.rows tbody tr").first().innerText()
      assert.match(await row(), /^150\b/)
      await page.reload()
      await page.waitForSelector("table.rows tbody tr")
      assert.match(await row(), /^150\b/)
      assert.isTrue(await page.getByRole("button", { name: "CSV" }).first().isVisible())
      assert.deepStrictEqual(await violations(page), [])
      // a table of another column is in its own order
      await page.evaluate("location.hash = 'toy/dice?rows=open&sort=none&row=x'")
      await page.waitForFunction(
        "document.querySelector('table.rows tbody tr td').innerText === '1'",
      )
    }))

  it("keeps the zoom, which keys give as a pointer does", () =>
    seen("toy/dice", async (page) => {
      const figure = await drawn(page)
      await figure.getByText("Look closer").click()
      await figure.getByLabel(/^zoom:/).focus()
      await page.keyboard.press("Space")
      await page.waitForFunction("location.hash.includes('zoom=yes')")
      const nearer = figure.getByRole("button", { name: "nearer" })
      await nearer.focus()
      await page.keyboard.press("Enter")
      await page.waitForFunction("/zoom=-?[0-9]/.test(location.hash)")
      const first = await hashOf(page)
      // the button is still under the finger
      await page.keyboard.press("Enter")
      await page.waitForFunction(`decodeURIComponent(location.hash) !== ${JSON.stringify(first)}`)
      await page.reload()
      await drawn(page)
      const box = (await figure.locator(".picture svg").boundingBox())!
      const before = await hashOf(page)
      await page.mouse.move(box.x + box.width / 2, box.y + 80)
      await page.keyboard.down("Shift")
      await page.mouse.wheel(0, -200)
      await page.keyboard.up("Shift")
      await page.waitForFunction(`decodeURIComponent(location.hash) !== ${JSON.stringify(before)}`)
      assert.match(await hashOf(page), /zoom=-?[0-9]/)
      await figure.getByRole("button", { name: "all" }).click()
      await page.waitForFunction("location.hash.includes('zoom=yes')")
    }))

  it("saves of a figure the rows that it draws, and a picture of pixels", () =>
    seen("toy/dice", async (page) => {
      const figure = await drawn(page)
      await figure.getByText("Look closer").click()
      const saved = async (name: string) => {
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          figure.getByRole("button", { name, exact: true }).click(),
        ])
        return readFileSync(await download.path())
      }
      const lines = (await saved("CSV")).toString("utf8").trimEnd().split("\r\n")
      assert.lengthOf(lines, 201)
      assert.match(lines[0]!, /^roll,mean/)
      const png = await saved("PNG")
      assert.strictEqual(png.subarray(1, 4).toString("latin1"), "PNG")
      assert.isAbove(png.readUInt32BE(16), 500)
    }))

  it("lets go of the start of a toy where the pointer is let go, be it outside", () =>
    seen("play/normalisation", async (page) => {
      await page.waitForSelector(".toy canvas")
      const box = (await page.locator(".toy canvas:not(.curve)").boundingBox())!
      const to = (x: number, y: number) => page.mouse.move(box.x + x, box.y + y)
      await to(300, 100)
      await page.mouse.down()
      await to(box.width + 60, 120)
      await page.waitForFunction("location.hash.includes('start=20')")
      await page.mouse.up()
      const left = await hashOf(page)
      await to(200, 200)
      await page.waitForTimeout(100)
      assert.strictEqual(await hashOf(page), left)
    }))

  it("has the pictures of a toy below each other where there is no room beside", () =>
    seen(
      "play/catapult",
      async (page) => {
        await page.waitForFunction(
          "document.querySelector('.toy [role=status]')?.innerText.includes('alignment')",
        )
        const { height, width } = (await page.locator(".toy canvas:not(.curve)").boundingBox())!
        assert.isAbove(height, width)
      },
      { viewport: { width: 360, height: 800 } },
    ))

  it("finds the toy that shows why USAM diverges by that question", () =>
    seen("search?words=why+does+USAM+diverge%3F", async (page) => {
      await page.locator(".hits a", { hasText: "Why SAM divides by the norm" }).click()
      await page.waitForFunction("location.hash === '#play/normalisation'")
      await page.waitForSelector(".toy canvas")
      assert.strictEqual(await page.locator(".toy").count(), 1)
    }))

  it("closes its contents by the keyboard, and by a click elsewhere", () =>
    seen("toy", async (page) => {
      const summary = page.locator(".contents summary")
      const isOpen = () => page.locator(".contents nav").isVisible()
      await summary.focus()
      await page.keyboard.press("Enter")
      assert.isTrue(await isOpen())
      await page.keyboard.press("Tab")
      await page.keyboard.press("Escape")
      assert.isFalse(await isOpen())
      assert.isTrue(await summary.evaluate((each) => each.matches(":focus")))
      await summary.click()
      assert.isTrue(await isOpen())
      // beside the contents, which cover the middle of the heading
      await page.locator("article h1").click({ position: { x: 20, y: 10 } })
      assert.isFalse(await isOpen())
    }))

  it("shows a filter that nothing fits", () =>
    seen("claims?verdict=falsified", async (page) => {
      await page.waitForSelector("[role=status]")
      const verdict = page.getByLabel("verdict")
      assert.strictEqual(await verdict.inputValue(), "falsified")
      assert.include(await verdict.innerText(), "falsified (0)")
    }))
})
