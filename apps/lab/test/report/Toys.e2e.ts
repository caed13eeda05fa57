/** Each toy as a reader has it: played to its end, its sentence held to its numbers, stepped, paused, and audited. */
import { Effect } from "effect"
import type { Page } from "playwright-core"
import { assert, describe, it } from "vitest"
import * as PageOf from "../../src/evidence/report/Page.ts"
import { paged, textOf, violations } from "../support/Pages.ts"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"
import * as Provenance from "../support/Provenance.ts"

/** A page of the papers alone: toys need no results. */
const bare = Effect.gen(function* () {
  const systems = (yield* allSystems).map(({ id, paper, title }) => ({
    id,
    title,
    paper,
    verdicts: [],
    experiments: [],
  }))
  return { format: 1 as const, provenance: Provenance.ofResults, systems, failures: [] }
}).pipe(Effect.provide(Systems.layer))

const ended = async (page: Page, id: string): Promise<string> => {
  await page.evaluate(`location.hash = ${JSON.stringify(`play/${id}`)}`)
  const name = id.split("?")[0]!
  await page.waitForSelector(`.toy:has(#${name})[data-state=ended]`, { timeout: 60_000 })
  return textOf(page, ".toy [role=status]")
}

/** What the sentence of each toy says at its end, at the settings that it begins with and at others. */
const sentences: ReadonlyArray<readonly [id: string, ...says: ReadonlyArray<RegExp>]> = [
  [
    "normalisation",
    /USAM diverged at step \d+/,
    /SAM went down the axis to the origin/,
    /Theorem 2 proves that USAM diverges from radius .* Measured from this start, by bisection: from/,
  ],
  ["drift", /The law of the drift predicts SAM at −1\.5\d+ .* and it is at −1\.5\d+\./],
  ["normalisation?rate=0.1&radius=0.005", /Theorem 2 says nothing here: it needs a learning rate/],
  [
    "floors",
    /With 10 parameters .* about 10 times as fast/,
    /random \d+: \d+(?:\.\d+)? times as many/,
  ],
  ["flattest", /SAM is at the flattest/, /label noise is at the flattest/, /GD is not there/],
  ["drift?rate=0.8", /it does not apply/],
  ["table", /has nuclear norm 4\.\d+; the smallest of all tables with these entries is 4\.69/],
  ["repulsion", /Over 100 seeds .*: (?:1\.[5-9]\d*|[2-9](?:\.\d+)?) times as wide/],
  ["covariance", /cosine 0\.\d+ on average/],
  ["machines", /for \d+ of 400 seeds.*(?:within it|no more than chance)\./],
  ["catapult", /The loss rose \d.* The sharpness went from .*, below 2 \/ learning rate/],
]

describe("each toy, in a browser", () => {
  const seen = paged(async () => PageOf.render(await Effect.runPromise(bare)))

  it("says at its end what its numbers are", () =>
    seen(
      "play",
      async (page) => {
        for (const [id, ...says] of sentences) {
          const told = await ended(page, id)
          for (const expected of says) assert.match(told, expected, id)
        }
      },
      { reducedMotion: "reduce" },
    ))

  for (const width of [360, 1366]) {
    it(`has no fault that a machine sees, and its sliders in sight, at ${width} px`, () =>
      seen(
        "play",
        async (page) => {
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
            for (const id of new Set(sentences.map(([address]) => address.split("?")[0]!))) {
              await ended(page, id)
              assert.deepStrictEqual(await violations(page), [], `${id}, ${colorScheme}`)
              const [over, lowest] = await page.evaluate<readonly [number, number]>(
                `[document.documentElement.scrollWidth - innerWidth,
                  Math.max(...[...document.querySelectorAll(".knobs input")].map((each) => each.getBoundingClientRect().bottom + scrollY))]`,
              )
              assert.isAtMost(over, 0, id)
              if (width === 1366) assert.isBelow(lowest, 768, id)
            }
          }
        },
        { viewport: { width, height: 768 } },
      ))
  }

  it("is paused, goes on step by step, and is played again", () =>
    seen("play/drift?radius=0.3&rate=0.3", async (page) => {
      await page.getByRole("button", { name: "Pause" }).click()
      await page.waitForSelector(".toy[data-state=paused]")
      const step = async () =>
        Number(/After (\d+) steps/.exec(await textOf(page, ".toy [role=status]"))![1])
      const before = await step()
      await page.getByRole("button", { name: "Step", exact: true }).click()
      await page.waitForFunction(
        `document.querySelector(".toy [role=status]").innerText.includes("After ${before + 1} steps")`,
      )
      assert.strictEqual(
        await page.locator(".toy [role=status]").getAttribute("aria-live"),
        "polite",
      )
      await page.getByRole("button", { name: "Play", exact: true }).click()
      await page.waitForSelector(".toy[data-state=running] [role=status][aria-live=off]")
      await page.getByRole("button", { name: "a wide bounce" }).click()
      await page.waitForFunction("location.hash.includes('radius=0.3')")
    }))
})
