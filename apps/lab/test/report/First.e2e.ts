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

/** Seconds of processor time of the page: unlike wall time they are no longer where a machine has other work. */
const bar = 0.5

/** Seconds that the process of a page has computed, from its start on, on all its threads. */
const computed = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page)
  await session.send("Performance.enable")
  const { metrics } = await session.send("Performance.getMetrics")
  return metrics.find(({ name }) => name === "ProcessTime")!.value
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

  it("can be searched and played with after half a second of computing", () =>
    seen("", async (page) => {
      await page.waitForSelector(".bar input")
      await page.waitForFunction(
        "(document.querySelector('#home .toy [role=status]')?.textContent ?? '') !== ''",
        undefined,
        { polling: 10 },
      )
      assert.isAtMost(await computed(page), bar)
    }))
})
