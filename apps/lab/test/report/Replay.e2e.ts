/** Replays, and what lies packed until it is looked at, as people see them: in a browser, where this machine has one. */
import * as Verify from "@nonconvex/evidence/Verify"
import type { ExperimentResult } from "@nonconvex/evidence"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect } from "effect"
import { replay as packed } from "@nonconvex/gallery/bundles"
import { inflateRawSync } from "node:zlib"
import type { Page } from "playwright-core"
import { assert, describe, it } from "vitest"
import * as PageOf from "../../src/evidence/report/Page.ts"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"
import * as Svg from "@nonconvex/figures/svg"
import { nonconvex } from "../support/InProcess.ts"
import { enter, paged, textOf } from "../support/Pages.ts"
import * as Provenance from "../support/Provenance.ts"

const all = Effect.runPromise(allSystems.pipe(Effect.provide(Systems.layer)))

const diverges = "optim-sam/factorisation-usam-diverges"

/** An experiment of a stranger, who writes markup and reaches out of the page, and whose table is a million rows. */
const strange = (rows: ExperimentResult["rows"]): ExperimentResult => ({
  id: "optim-sam/strange",
  title: "<img src=x onerror=globalThis.isTaken=1>",
  question: "Is `<b>` in **<script>globalThis.isTaken=1</script>** x^2 <= 1?",
  source: { paper: "none", statement: "none", basis: "derived here" },
  seed: 1,
  seconds: 1,
  config: {},
  rows,
  expectations: [],
  figures: [
    {
      id: "far",
      title: "far",
      caption: "</script><script>globalThis.isTaken=1</script>",
      spec: {
        data: { url: "https://example.org/rows.json" },
        mark: "point",
        encoding: { x: { field: "x", type: "quantitative" } },
      },
    },
    {
      id: "many",
      title: "many",
      caption: "a million",
      spec: {
        data: { name: "table" },
        mark: "point",
        encoding: {
          x: { field: "x", type: "quantitative" },
          y: { field: "y", type: "quantitative" },
        },
      },
    },
  ],
})

const million = Array.from({ length: 1_000_000 }, (_, x) => ({ x, y: x % 1000 }))

const results = async (experiments: ReadonlyArray<ExperimentResult>) => {
  const systems = await all
  const claim = systems[0]!.claims.find(({ id }) => id === diverges)!
  const held = await Verify.claim(claim, { runs: 64, seed: 1 }).pipe(
    Effect.provide(Kernels.layerStrict),
    Effect.runPromise,
  )
  return {
    format: 1 as const,
    provenance: Provenance.ofResults,
    systems: systems.map(({ id, paper, title }) => ({
      id,
      title,
      paper,
      verdicts: id === "optim-sam" ? [held] : [],
      experiments: id === "optim-sam" ? experiments : [],
    })),
    failures: [],
  }
}

const tokens = [
  `${diverges}@1:0`,
  `${diverges}+with-the-normalisation@3:0`,
  "dp-lowrank/calibration@1:0",
  "reproducible-minimax/dithered-rounding@1:0",
  "catapults/two-independent-clusters@1:0",
]

/** Takes many seconds. */
const slow = "catapults/small-batches-learn-features@1:0"

interface Replayed {
  readonly recalled: Readonly<Record<string, unknown>>
}

const replayIn = (page: Page, token: string) =>
  page.evaluate<string>(
    `JSON.stringify(nonconvexReplay(${JSON.stringify(token)}).recalled, (_, value) => Number.isFinite(value) || typeof value !== "number" ? value : String(value))`,
  )

/** Counts what is unpacked, and the modules of WebAssembly that are put to work. */
const counting = `
globalThis.unpacked = 0
globalThis.DecompressionStream = class extends DecompressionStream {
  constructor(format) { super(format); globalThis.unpacked++ }
}
globalThis.instances = 0
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct: (Instance, given) => { globalThis.instances++; return new Instance(...given) },
})`

describe("a page in a browser", () => {
  const seen = paged(async () => PageOf.render(await results([])))

  it("replays what the command replays, bit for bit", () =>
    seen(`replay/${tokens[0]}`, async (page) => {
      await page.waitForSelector("article h1")
      const systems = await all
      // the page itself leaves it to a worker
      await page.addScriptTag({
        content: inflateRawSync(Buffer.from(packed, "base64")).toString("utf8"),
      })
      for (const token of tokens) {
        const { stdout } = await Effect.runPromise(nonconvex(systems, ["replay", token, "--json"]))
        const asked = JSON.parse(stdout) as Readonly<Record<string, unknown>>
        const { compared, instance, margin } = JSON.parse(
          await replayIn(page, token),
        ) as Replayed["recalled"]
        assert.deepStrictEqual(
          { compared, instance, margin },
          { compared: asked["compared"], instance: asked["instance"], margin: asked["margin"] },
          token,
        )
      }
    }))

  it("goes on answering while it replays, and stops when it is told to", () =>
    seen(`replay/${slow}`, async (page) => {
      await page.getByRole("button", { name: "Cancel" }).click({ timeout: 5000 })
      await page.getByText(`Cancelled: ${slow}`).waitFor()
      assert.strictEqual(await page.title(), `Replay ${slow} · nonconvex`)
      await page.getByRole("button", { name: "Replay again" }).click()
      await page.getByText(`Replaying ${slow}`).waitFor()
    }))

  it("leads by keyboard from its first screen to the picture of why USAM diverges, in one step", () =>
    seen("", async (page) => {
      await enter(page, "Why does SAM divide")
      await page.waitForFunction("location.hash === '#optim-sam'")
      await page.waitForFunction(
        "document.querySelector('article .toy [role=status]')?.innerText.includes('USAM diverged')",
      )
      assert.include(await textOf(page, "article .toy"), "Theorem 2 of Dai, Ahn, Sra 2023")
    }))

  it("leads by keyboard from its first screen to a claim that is replayed by hand, in three", () =>
    seen("", async (page) => {
      await enter(page, "Why does SAM divide")
      await page.waitForFunction("location.hash === '#optim-sam'")
      await enter(page, "factorisation USAM diverges")
      await page.waitForSelector(".shape svg")
      await enter(page, "Replay the nearest instance")
      await page.waitForSelector(".stage canvas")
      assert.match(await textOf(page, ".stage [role=status]"), /^usam over sgd: starts at /)
      await enter(page, "Next")
      await page.waitForFunction("location.hash.endsWith('at=1')")
      assert.match(await textOf(page, ".stage [role=status]"), /step 1: at /)
      await enter(page, "Play")
      await page.waitForFunction("document.querySelector('.stage').innerText.includes('4 of 4')")
      assert.match(await textOf(page, ".stage [role=status]"), /^Asked: is .* ≥ .*\? It is/)
      assert.include(await textOf(page, "article"), `${diverges} holds here.`)
    }))

  it("draws a way that ends out of sight as a line, and no more", () =>
    seen(`replay/${tokens[0]}?at=2`, async (page) => {
      await page.waitForSelector(".stage canvas")
      const share = `(() => {
        const canvas = document.querySelector(".stage canvas")
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
        let count = 0
        // #d55e00
        for (let i = 0; i < data.length; i += 4) {
          if (data[i] === 213 && data[i + 1] === 94 && data[i + 2] === 0) count++
        }
        return (4 * count) / data.length
      })()`
      await page.getByText("step 2: at").waitFor()
      await page.waitForTimeout(100)
      const drawn = await page.evaluate<number>(share)
      assert.isAbove(drawn, 0)
      assert.isBelow(drawn, 0.05)
    }))

  it("says of a token that is none what is wrong, and of a claim that it does not have", () =>
    seen("replay/none", async (page) => {
      await page.waitForSelector(".callout")
      assert.include(await textOf(page, ".callout"), '"none" is not a replay token')
      await page.evaluate("location.hash = 'replay/toy/none@1:0'")
      await page.waitForFunction(
        "document.querySelector('.callout')?.innerText.includes('toy/none')",
      )
    }))

  it("has the distribution of margins, the worst against the effort, and what each control does", () =>
    seen(diverges, async (page) => {
      await page.waitForSelector(".shape svg")
      const labels = await page
        .locator(".shape svg")
        .evaluateAll((shapes) => shapes.map((each) => each.getAttribute("aria-label")))
      assert.match(labels[0], /^64 margins from /)
      assert.match(labels[1], /^worst margin against draws: .* after 1, .* after 64$/)
      assert.match(
        await textOf(page, "article"),
        /Loose: the smallest value found is .* times its bound/,
      )
      assert.include(await textOf(page, "article ul"), "a radius of at most eta, detected in")
    }))

  it("unpacks a part when it is looked at, and computes on the kernels in WebAssembly", () =>
    seen(
      "",
      async (page) => {
        // the script of the page, the list of what there is, and the kernels of the toy on the first screen
        await page.waitForSelector(".toy canvas")
        assert.strictEqual(await page.evaluate("unpacked"), 3)
        assert.strictEqual(await page.evaluate("instances"), 1)
        await page.evaluate("location.hash = 'optim-sam'")
        await page.waitForSelector("article h1")
        // the part of the system, and the glossary
        assert.strictEqual(await page.evaluate("unpacked"), 5)
        await page.evaluate("location.hash = 'play/repulsion'")
        await page.waitForFunction(
          "document.querySelector('.toy [role=status]')?.innerText.includes('complex')",
        )
        assert.strictEqual(await page.evaluate("unpacked"), 5)
        assert.strictEqual(await page.evaluate("instances"), 1)
      },
      {},
      counting,
    ))
})

describe("a page of a stranger's results", () => {
  const seen = paged(async () => PageOf.render(await results([strange(million)])))

  it("shows them as text, loads nothing, and says which figure it cannot draw", () =>
    seen("optim-sam/strange", async (page) => {
      const asked: Array<string> = []
      page.on("request", (request) => asked.push(request.url()))
      await page.waitForSelector("article h1")
      const fault = page.locator("figure .callout")
      await fault.waitFor()
      assert.include(await fault.innerText(), "1000000 rows")
      // what is not drawn cannot be saved as a picture
      await page.getByText("Look closer").last().click()
      const svg = page.getByRole("button", { name: "SVG" }).last()
      assert.isTrue(await svg.isDisabled())
      assert.include(await textOf(page, "article h1"), "<img src=x")
      assert.isUndefined(await page.evaluate("globalThis.isTaken"))
      assert.deepStrictEqual(
        asked.filter((url) => !/^(?:file|data|blob):/.test(url)),
        [],
      )
      await page.getByText("Data: 1000000 rows").click()
      await page.getByRole("button", { name: "After" }).click()
      assert.include(await textOf(page, "details p.tools"), "rows 51 to 100 of 1000000")
    }))
})

describe("a figure for a file", () => {
  it("is not drawn of a million rows, and says so", async () => {
    const { figures } = strange([])
    const drawn = await Effect.runPromise(
      Svg.draw({ key: "many", spec: figures[1]!.spec, rows: million }),
    )
    assert.strictEqual(drawn._tag, "Undrawable")
    assert.include(drawn._tag === "Undrawable" ? drawn.reason : "", "1000000 rows")
  })
})
