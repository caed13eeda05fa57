/** The page that is served, as people see it: in a browser, where this machine has one. */
import * as Results from "../../src/evidence/report/Results.ts"
import { readFileSync, writeFileSync } from "node:fs"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { Effect } from "effect"
import { Runs } from "@nonconvex/store/Runs"
import { system as endless } from "../fixtures/endless.ts"
import { system as toy } from "../fixtures/toy.ts"
import { candidates, launch } from "../support/Browser.ts"
import { nonconvex } from "../support/InProcess.ts"
import { keptRun } from "../support/Kept.ts"
import { keeping } from "../support/KeptToys.ts"
import { type Opened, opened } from "../support/Opened.ts"
import { textOf, violations } from "../support/Pages.ts"

const strange = `<img src="x" onerror="document.title='taken'">`

describe("the page that is served, in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
  const store = join(folder, "runs.sqlite")
  const report = join(folder, "report", "results.json")
  let browser: Browser | undefined

  beforeAll(async () => {
    browser = await launch()
    if (browser === undefined) return
    const options = ["--preset", "smoke", "--quiet", "--jobs", "1", "--store", store]
    await Effect.runPromise(
      nonconvex([toy], ["reproduce", ...options, "--out", join(folder, "report")]),
    )
    const results = await Effect.runPromise(Results.decode(readFileSync(report, "utf8")))
    assert.strictEqual(results.systems[0]!.title, "Digits and dice")
    const [first] = results.systems
    const paper = { ...first!.paper, asks: strange }
    const named = { ...results, systems: [{ ...first!, title: strange, paper }] }
    writeFileSync(report, await Effect.runPromise(Results.encode(named)))
    const grid = ["--grid", "rolls=4,8", "--seeds", "1..3", "--metric", "last(mean)"]
    await Effect.runPromise(nonconvex([toy], ["sweep", "toy/dice", ...grid, ...options]))
    await Effect.runPromise(
      Effect.flatMap(Runs, ({ insert }) =>
        insert(keptRun({ subject: strange, config: { rolls: 1 } }), new Map()),
      ).pipe(Effect.provide(keeping(store))),
    )
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  /** Opens the page, does something, and holds it to saying nothing on the console. */
  const seen = async (
    look: (page: Page, server: Opened) => Promise<void>,
    expected: ReadonlyArray<string> = [],
    options: NonNullable<Parameters<Browser["newPage"]>[0]> = {},
  ): Promise<void> => {
    if (browser === undefined) {
      console.info(`skipped: no browser at ${candidates.join(", ")}`)
      assert.notStrictEqual(candidates.length, 0)
      return
    }
    const running = browser
    await opened([toy, endless], ["--store", store, "--report", report], async (server) => {
      const page = await running.newPage({ viewport: { width: 1440, height: 900 }, ...options })
      const said: Array<string> = []
      page.on("console", (message) => said.push(message.text()))
      page.on("pageerror", (error) => said.push(error.message))
      try {
        await page.goto(server.address)
        await page.waitForSelector(".papers")
        await look(page, server)
        assert.deepStrictEqual(said, expected)
        assert.match(await page.title(), /nonconvex$/)
      } finally {
        await page.close()
      }
    })
  }

  /** Waits until an expression of the page is true. The page itself lets no text become code, which waiting in it needs. */
  const until = async (page: Page, expression: string): Promise<void> => {
    while (!(await page.evaluate<boolean>(expression))) await page.waitForTimeout(50)
  }

  const go = async (page: Page, hash: string, selector: string): Promise<void> => {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
    await page.waitForSelector(selector)
  }

  for (const width of [360, 800, 1440]) {
    it(`has no fault that a machine sees, and no line too long, at ${width} px, light and dark`, () =>
      seen(
        async (page, { get }) => {
          const { sweeps } = await get<{
            readonly sweeps: ReadonlyArray<{ readonly id: string }>
          }>("/api/sweeps")
          const { runs } = await get<{ readonly runs: ReadonlyArray<{ readonly id: string }> }>(
            "/api/runs?where=experiment%3Ddice",
          )
          const pages = [
            ["", "#home .papers"],
            ["runs", "main[tabindex] table"],
            [`run/${runs[0]!.id}`, "main[tabindex] .picture svg"],
            [`sweep/${sweeps[0]!.id}`, "main[tabindex] .picture svg"],
            ["compare?where=experiment%3Ddice&by=rolls&metric=last(mean)", ".picture svg"],
            ["start/toy/dice?mode=sweep", "main[tabindex] form"],
          ] as const
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme })
            for (const [hash, selector] of pages) {
              await go(page, hash, selector)
              assert.deepStrictEqual(await violations(page), [], `${hash}, ${colorScheme}`)
              const overflow = await page.evaluate<number>(
                "document.documentElement.scrollWidth - innerWidth",
              )
              assert.isAtMost(overflow, 0, `${hash}, ${colorScheme}`)
            }
          }
        },
        [],
        { viewport: { width, height: 900 } },
      ))
  }

  it("leaves the token out of the address, and lets its owner come again", () =>
    seen(async (page, { port, token }) => {
      await go(page, "runs", "main[tabindex] table")
      assert.strictEqual(page.url(), `http://127.0.0.1:${port}/#runs`)
      await page.reload()
      await page.waitForSelector("main[tabindex] table")
      assert.notInclude(await page.evaluate<string>("document.cookie"), token)
    }))

  it("shows what a stranger wrote as text, in runs and in the report, and lists what there is", () =>
    seen(async (page) => {
      assert.include(await textOf(page, ".papers"), strange)
      await go(page, "runs", "main[tabindex] table")
      assert.include(await textOf(page, "main[tabindex] table"), strange)
      assert.strictEqual(await page.locator("img").count(), 0)
      await go(page, "start", "main[tabindex] li a")
      assert.deepStrictEqual(await violations(page), [])
      await go(page, "sweeps", "main[tabindex] table")
      assert.deepStrictEqual(await violations(page), [])
    }))

  it("starts a run by keyboard alone, shows it, and starts it again with other settings", () =>
    seen(
      async (page) => {
        await go(page, "start/toy/dice", "form")
        await page.getByLabel("rolls", { exact: true }).focus()
        await page.keyboard.press("ControlOrMeta+A")
        await page.keyboard.type("0")
        await page.keyboard.press("Enter")
        await page.waitForSelector("[role=alert]")
        assert.include(await textOf(page, "[role=alert]"), "rolls=0 is refused")
        await page.keyboard.press("ControlOrMeta+A")
        await page.keyboard.type("16")
        await page.keyboard.press("Enter")
        await page.waitForSelector("article .picture svg")
        await page.getByText("Data: 16 rows").waitFor()
        // the rows may be there before the run is judged
        await page.locator("article", { hasText: "the mean of all rolls" }).waitFor()
        await page.getByText("Start it again").focus()
        await page.keyboard.press("Enter")
        await page.waitForSelector("form")
        assert.strictEqual(await page.getByLabel("rolls", { exact: true }).inputValue(), "16")
      },
      ["Failed to load resource: the server responded with a status of 400 (Bad Request)"],
    ))

  it("shows the latest runs first, and the form of an experiment beside its latest figure", () =>
    seen(async (page) => {
      await page.waitForSelector("#home section[aria-label='latest runs'] a")
      await go(page, "toy/dice", "article .picture svg")
      await page.getByText("Run with other settings").click()
      await page.waitForSelector("form")
      await page.waitForSelector("section[aria-label='latest run'] .picture svg")
      const tops = await page.evaluate<ReadonlyArray<number>>(
        "['form', '.picture svg'].map((each) => document.querySelector(`main[tabindex] ${each}`).getBoundingClientRect().top)",
      )
      for (const top of tops) assert.isBelow(top, 900)
    }))

  it("stops a run by keyboard alone, while it computes", () =>
    seen(async (page) => {
      await go(page, "start/endless/experiment", "form")
      await page.getByRole("button", { name: "Start the run" }).focus()
      await page.keyboard.press("Enter")
      await until(page, "document.querySelector('progress')?.value === 1")
      await page.getByRole("button", { name: "Stop the run of endless/experiment" }).focus()
      await page.keyboard.press("Enter")
      await page.locator("main[tabindex] .task .badge", { hasText: "stopped" }).waitFor()
      await page.locator("article .badge", { hasText: "1 of 2" }).waitFor()
      assert.strictEqual(await page.getByRole("button", { name: "Stop" }).count(), 0)
    }))

  it("starts a sweep, and shows it as a table and as a heat map, in the address", () =>
    seen(async (page) => {
      await go(page, "start/toy/dice?mode=sweep", "form")
      await page.getByLabel("values of rolls to try").fill("2,3,5")
      await page.getByLabel("values of radius to try").fill("0.5,1")
      await page.getByLabel("Metric").fill("last(mean)")
      await page.getByRole("button", { name: "Start the sweep" }).focus()
      await page.keyboard.press("Enter")
      await until(page, "location.hash.startsWith('#sweep/')")
      await page.locator("dd", { hasText: "6 of 6 done" }).waitFor()
      await until(
        page,
        "document.querySelectorAll(\".picture path[aria-roledescription='rect mark']\").length === 6",
      )
      assert.strictEqual(await page.locator("table.rows tbody tr").count(), 6)
      await page.getByRole("textbox", { name: "Metric" }).fill("max(mean)")
      await page.keyboard.press("Enter")
      await until(page, "location.hash.includes('max%28mean%29')")
      await page.locator("table.rows tbody a").first().focus()
      await page.keyboard.press("Enter")
      await page.waitForSelector("article .picture svg")
    }))

  it("leads from a sweep to its comparison once there is something to compare", () =>
    seen(async (page, { get, start }) => {
      const { of } = await start({
        _tag: "Sweep",
        experiment: "endless/experiment",
        preset: "smoke",
        seeds: "1..3",
        settings: {},
        vary: {},
        metric: "last(row)",
        goal: "least",
      })
      await go(page, `sweep/${of!}`, "table.rows tbody tr")
      const link = page.getByText("Compare its configurations")
      assert.strictEqual(await link.count(), 0)
      const { sweeps } = await get<{
        readonly sweeps: ReadonlyArray<{ readonly id: string }>
      }>("/api/sweeps")
      const done = sweeps.find(({ id }) => id !== of)!
      await go(page, `sweep/${done.id}`, ".picture svg")
      await link.click()
      await page.getByText("95 % confidence interval").first().waitFor()
    }))

  it("compares runs that are chosen, and configurations by their intervals", () =>
    seen(async (page) => {
      await go(page, "runs?where=experiment%3Ddice+and+rolls%3D4", "main[tabindex] table")
      const boxes = page.getByRole("checkbox")
      await boxes.nth(0).focus()
      await page.keyboard.press("Space")
      await boxes.nth(1).focus()
      await page.keyboard.press("Space")
      await page.getByText("2 selected").waitFor()
      await page.getByRole("button", { name: "Compare selected" }).focus()
      await page.keyboard.press("Enter")
      await page.getByText("2 runs, which differ in only their seeds").waitFor()
      // the curves are there at once, by a metric that no one typed
      await page.waitForSelector(".picture svg")
      // a label may have a line to its curve as well
      assert.isAtLeast(
        await page.locator(".picture path[aria-roledescription='line mark']").count(),
        2,
      )
      const labels = (await page.locator(".picture svg").textContent()) ?? ""
      assert.strictEqual(new Set(labels.match(/seed \d/g)).size, 2, labels)
      assert.strictEqual(await page.getByLabel("Metric", { exact: true }).inputValue(), "mean")
      await page.getByLabel("Metric", { exact: true }).selectOption("roll")
      await until(page, "location.hash.includes('y=roll')")
      await go(page, "compare?where=experiment%3Ddice&by=rolls&metric=last(mean)", ".picture svg")
      assert.include(await textOf(page, "main[tabindex]"), "95 % confidence interval")
      assert.match(await textOf(page, "main[tabindex]"), /against rolls=\d/)
    }))

  it("plays, and draws the report's figures, under a policy that compiles no text", () =>
    seen(async (page) => {
      await go(page, "play/normalisation", ".toy canvas")
      await until(page, "document.querySelector('.toy [role=status]').innerText !== ''")
      await go(page, "replay/optim-sam/valley-drift@1:3", ".stage canvas")
      await go(page, "toy/dice", "article .picture svg")
      const compiled = await page.evaluate<string>(
        `new Promise((resolve) => setTimeout(() => {
          try { resolve(String(new Function("return 1")())) } catch { resolve("refused") }
        }))`,
      )
      assert.strictEqual(compiled, "refused")
    }))

  it("says that the server has ended", async () => {
    let page: Page | undefined
    if (browser === undefined) {
      console.info(`skipped: no browser at ${candidates.join(", ")}`)
      assert.isUndefined(page)
      return
    }
    const running = browser
    await opened([toy], ["--store", store, "--report", report], async ({ address }) => {
      page = await running.newPage()
      await page.goto(address)
      await page.waitForSelector("#home [role=status]")
      await page.waitForSelector(".papers a")
    })
    await page!.getByText("the server has stopped; run nonconvex open to restart it").waitFor()
    await page!.evaluate("location.hash = 'toy/dice'")
    await page!.getByText("the server does not answer; run nonconvex open to restart it").waitFor()
    await page!.close()
  })
})
