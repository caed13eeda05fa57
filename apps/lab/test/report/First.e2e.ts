/** The first screen of a report of everything: its size, and the time until it can be used. */
import { NodeServices } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import type { Page } from "playwright-core"
import { assert, describe, it } from "vitest"
import * as Code from "../../src/evidence/report/Code.ts"
import * as PageOf from "../../src/evidence/report/Page.ts"
import { Systems } from "../../src/evidence/Systems.ts"
import { experiments } from "../support/Experiments.ts"
import * as KeptRows from "../support/KeptRows.ts"
import { paged } from "../support/Pages.ts"
import { resultsWith } from "../support/Papers.ts"

const services = Layer.merge(Systems.layer, NodeServices.layer)

/** A report of the fast preset, from the rows that are kept of it. */
const whole = Effect.gen(function* () {
  const kept = new Map(
    yield* Effect.forEach(experiments, (experiment) =>
      Effect.map(
        Effect.promise(() => KeptRows.read(experiment, "fast")),
        (found) => {
          const rows = found?.rows ?? []
          const { figures } = experiment.configure(experiment.preset("fast")).evaluate(rows)
          return [experiment.id, { rows, figures }] as const
        },
      ),
    ),
  )
  const all = yield* resultsWith((id) => kept.get(id))
  const ids = all.systems.map(({ id }) => id)
  return PageOf.render(all, {}, [], yield* Code.at(ids, "abc"))
}).pipe(Effect.provide(services))

/** Computing until the page can be used, at most, as a multiple of that of the same page without its scripts. */
const bar = 3.3

/** Expression that is true once the search and the toy of the first screen answer. */
const usable = `
  document.querySelector(".bar input") !== null &&
  (document.querySelector("#home .toy [role=status]")?.textContent ?? "") !== ""`

/** Reports, in the page, the first moment at which an expression is true. */
const reporting = (expression: string): string => `
  new MutationObserver((_, observer) => {
    if (!(${expression})) return
    observer.disconnect()
    report("")
  }).observe(document, { subtree: true, childList: true, characterData: true })`

/**
 * Seconds of processor time of a fresh page's process, on all its threads, until the script reports. The page reports by
 * itself: to be asked by the test would cost it a quarter of the time.
 */
const computed = async (beside: Page, script: string): Promise<number> => {
  const page = await beside.context().browser()!.newPage({ viewport: beside.viewportSize() })
  try {
    const session = await page.context().newCDPSession(page)
    await session.send("Performance.enable")
    await session.send("Page.enable")
    await session.send("Runtime.enable")
    await session.send("Runtime.addBinding", { name: "report" })
    await session.send("Page.addScriptToEvaluateOnNewDocument", { source: script })
    const reported = new Promise((resolve) => session.once("Runtime.bindingCalled", resolve))
    await page.goto(beside.url(), { waitUntil: "commit" })
    await reported
    const { metrics } = await session.send("Performance.getMetrics")
    return metrics.find(({ name }) => name === "ProcessTime")!.value
  } finally {
    await page.close()
  }
}

/** The least of five: other work on the machine only adds. */
const least = async (beside: Page, script: string): Promise<number> => {
  let found = Number.POSITIVE_INFINITY
  for (let run = 0; run < 5; run++) found = Math.min(found, await computed(beside, script))
  return found
}

describe("a report of everything", () => {
  let size = 0
  const seen = paged(async () => {
    const page = await Effect.runPromise(whole)
    size = Buffer.byteLength(page)
    return page
  })

  it("has less than 2 MB", () => {
    assert.isAbove(size, 1_000_000)
    assert.isBelow(size, 2_000_000)
  })

  it("can be searched and played with after little computing", () =>
    seen("", async (page) => {
      const loaded = await least(page, `addEventListener("load", () => report(""))`)
      const used = await least(page, reporting(usable))
      assert.isAbove(used, loaded)
      assert.isAtMost(used / loaded, bar, `${used} s, of which ${loaded} s to load`)
    }))
})
