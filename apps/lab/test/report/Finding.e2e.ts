/** Searches and twelve tasks of a reader, in a browser, where this machine has one. */
import { NodeServices } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import type { Page } from "playwright-core"
import { assert, describe, it } from "vitest"
import * as Code from "../../src/evidence/report/Code.ts"
import * as PageOf from "../../src/evidence/report/Page.ts"
import { Systems } from "../../src/evidence/Systems.ts"
import { paged, textOf, violations } from "../support/Pages.ts"
import { results } from "../support/Papers.ts"
import { queries } from "../support/Queries.ts"

const services = Layer.merge(Systems.layer, NodeServices.layer)

/** Addresses of the hits on the first screen. */
const onScreen = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate<ReadonlyArray<string>>(
    `[...document.querySelectorAll(".hits li > a")]
      .filter((a) => a.getBoundingClientRect().bottom <= innerHeight)
      .map((a) => a.getAttribute("href").slice(1))`,
  )

describe("what a reader looks for", () => {
  const seen = paged(() =>
    Effect.runPromise(
      Effect.gen(function* () {
        const all = yield* results
        const ids = all.systems.map(({ id }) => id)
        return PageOf.render(all, {}, [], yield* Code.at(ids, "abc"))
      }).pipe(Effect.provide(services)),
    ),
  )

  it("is found by at least 95 % of the queries, on the first screen of hits", () =>
    seen("search", async (page) => {
      const missed: Array<string> = []
      for (const [words, ...addresses] of queries) {
        await page.evaluate(
          `location.hash = ${JSON.stringify(`search?words=${encodeURIComponent(words)}`)}`,
        )
        await page.waitForFunction(
          `document.querySelector("main h1")?.textContent.includes(${JSON.stringify(words)}) && document.querySelector(".hits li")`,
        )
        const hits = await onScreen(page)
        if (!addresses.some((address) => hits.includes(address))) {
          missed.push(`${words}: ${hits.slice(0, 5).join(", ")}`)
        }
      }
      assert.isAtLeast(queries.length, 40)
      assert.isAtMost(missed.length, Math.floor(queries.length / 20), missed.join("; "))
    }))

  it("shows the verdict of a hit, says what was meant, and helps where there is none", () =>
    seen("search?words=catapluts", async (page) => {
      assert.include(await textOf(page, "main"), "Did you mean catapults?")
      await page.evaluate("location.hash = 'search?words=Theorem 1 SAM'")
      await page.waitForSelector(".hits .badge")
      assert.include(await textOf(page, ".hits li .badge"), "holds in part")
      await page.evaluate("location.hash = 'search?words=zzzzzz'")
      await page.waitForSelector("main p a[href='#glossary']")
    }))

  /** Clicks one after another, each on the first link or summary that says these words; gives how many. */
  const click = async (page: Page, ...words: ReadonlyArray<string>): Promise<number> => {
    for (const each of words) {
      await page
        .locator("a:visible, summary:visible, button:visible")
        .filter({ hasText: each })
        .first()
        .click()
    }
    return words.length
  }

  const tasks: ReadonlyArray<
    readonly [task: string, clicks: ReadonlyArray<string>, selector: string, text: string]
  > = [
    ["does Theorem 1 of SAM hold?", ["Does Theorem 1 hold?"], "main", "In part: as recalled"],
    [
      "the worst erratum, with its calculation",
      ["printed statements refuted"],
      "main",
      "theorem false",
    ],
    ["a contradicting study", ["predictions contradicted"], "main table a", ""],
    ["what a term means", ["Glossary"], "dl.glossary", "A statement of a paper"],
    [
      "BibTeX of a paper",
      ["Why does SAM divide", "Cite the paper"],
      ".bibtex",
      "@inproceedings{dai2023crucial",
    ],
    ["BibTeX of the project", ["Contents", "Cite"], ".bibtex", "@software{nonconvex"],
    [
      "the code of a claim",
      ["Why does SAM divide", "Open the list", "normalised step length"],
      "a[href*='/blob/abc/packages/optim-sam/']",
      "Source code",
    ],
    ["the paper itself", [], "a[href='https://arxiv.org/abs/2305.15287']", "arXiv"],
    ["why USAM diverges", ["Play"], ".toy", "USAM"],
    ["a replay by hand", ["Errata", "Replay it here"], "main", ""],
    [
      "what a study found, and at what scale",
      ["Normalisation and robustness of interpolating networks"],
      "main",
      "3,818 weights",
    ],
    [
      "a command that computes it again",
      ["Why does SAM divide", "Open the list", "normalised step length"],
      "code.copy",
      "nonconvex verify optim-sam/",
    ],
  ]

  for (const [task, clicks, selector, text] of tasks) {
    it(`takes at most three clicks: ${task}`, () =>
      seen("", async (page) => {
        assert.isAtMost(await click(page, ...clicks), 3)
        await page.waitForFunction(
          `[...document.querySelectorAll(${JSON.stringify(selector)})].some((each) => each.checkVisibility() && each.innerText.includes(${JSON.stringify(text)}))`,
        )
      }))
  }

  for (const width of [360, 800, 1440]) {
    it(`has no fault that a machine sees, no small letter and no line too long at ${width} px`, () =>
      seen(
        "",
        async (page) => {
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme })
            for (const hash of [
              "",
              "theorems",
              "errata",
              "contradicted",
              "glossary",
              "cite",
              "optim-sam",
              "theorem/optim-sam/theorem-1",
            ]) {
              await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
              await page.waitForSelector(
                hash === "" ? "#home:not([hidden]) canvas" : "main[tabindex] h1",
              )
              assert.deepStrictEqual(await violations(page), [], `${hash}, ${colorScheme}`)
              assert.isAtMost(
                await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth"),
                0,
                hash,
              )
            }
          }
          await page.evaluate("location.hash = ''")
          const small = await page.evaluate<ReadonlyArray<string>>(
            `[...document.querySelectorAll("#home *")]
              .filter((each) => each.checkVisibility() && !each.closest("svg, math, details") && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""))
              .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 13.99)
              .map((each) => each.outerHTML.slice(0, 80))`,
          )
          assert.deepStrictEqual(small, [])
        },
        { viewport: { width, height: width === 360 ? 740 : 900 } },
      ))
  }

  for (const [width, height] of [
    [360, 740],
    [1366, 768],
  ] as const) {
    it(`has a live toy in the first viewport at ${width} x ${height}`, () =>
      seen(
        "",
        async (page) => {
          await page.waitForSelector("#home canvas")
          const bottom = await page.evaluate<number>(
            "document.querySelector('#home canvas').getBoundingClientRect().bottom",
          )
          assert.isAtMost(bottom, height)
          await page.waitForFunction(
            "document.querySelector('#home .toy [role=status]')?.innerText !== ''",
          )
        },
        { viewport: { width, height } },
      ))
  }

  it("marks the terms of an article, each once, with their definitions", () =>
    seen("optim-sam/usam-threshold", async (page) => {
      await page.waitForSelector("a.term")
      const terms = await page.evaluate<ReadonlyArray<readonly [string, string]>>(
        "[...document.querySelectorAll('main a.term')].map((a) => [a.getAttribute('href'), a.title])",
      )
      assert.strictEqual(new Set(terms.map(([href]) => href)).size, terms.length)
      for (const [, title] of terms) assert.isAbove(title.length, 20)
      await page.locator("main a.term").first().click()
      await page.waitForSelector("dl.glossary")
    }))
})
