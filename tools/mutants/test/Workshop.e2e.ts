import { afterAll, assert, describe, it } from "vitest"
import { sourceOf } from "../src/Files.ts"
import { Workshop } from "../src/Workshop.ts"

const workshop = new Workshop()
afterAll(() => workshop.close())

const theory = "packages/optim-sam/src/theory/Theory.ts"
const claim = "optim-sam/bounds-from-one-step"
const source = sourceOf(theory)

/** What becomes of one claim when the theory of optim-sam is `text`. */
const tried = (text: string, limit = 300_000) =>
  workshop.run(
    {
      system: "optim-sam",
      folders: ["optim-sam"],
      sources: { [theory]: text },
      runs: 20,
      seed: 1,
      claims: [claim],
    },
    (name) => (name === "" ? 300_000 : limit),
  )

describe("Workshop", { timeout: 600_000 }, () => {
  it("sees a claim hold on the source as it is, fail on a changed one, and hold again", async () => {
    const wrong = source.replace("1 - eta * mu,", "1 - 2 * eta * mu,")
    assert.notStrictEqual(wrong, source)
    assert.isUndefined((await tried(source)).killed)
    assert.deepStrictEqual((await tried(wrong)).killed, { by: claim, how: "falsified" })
    assert.isUndefined((await tried(source)).killed)
  })

  it("counts what does not load, and what does not end", async () => {
    assert.deepStrictEqual((await tried("export {")).killed, { by: "loading", how: "broken" })
    const endless = source.replace("factor: 1 - eta * mu,", "factor: (() => { for (;;); })(),")
    assert.notStrictEqual(endless, source)
    assert.deepStrictEqual((await tried(endless, 2000)).killed, { by: claim, how: "ran away" })
    assert.isUndefined((await tried(source)).killed)
  })
})
