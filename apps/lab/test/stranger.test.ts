/** Results from a stranger: they write nowhere but in the folder of the report, read nothing, and ask nobody. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import * as Folder from "../src/files/Folder.ts"
import * as Svg from "@nonconvex/figures/svg"
import { NodeServices } from "@effect/platform-node"
import { system as toy } from "./fixtures/toy.ts"
import { files, temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

interface Figure {
  id: string
  spec: Schema.Json
}

/** The results of the toys, as they were reproduced once. */
const reproduced = Effect.runSync(
  Effect.cached(
    Effect.gen(function* () {
      const out = temporary()
      yield* nonconvex([toy], ["reproduce", "--preset", "smoke", "-q", "--jobs", "1", "--out", out])
      return readFileSync(join(out, "results.json"), "utf8")
    }),
  ),
)

/** Reports results in which somebody changed the first figure. */
const reported = Effect.fnUntraced(function* (change: (figure: Figure) => void) {
  const again = temporary()
  const from = join(temporary(), "results.json")
  const results = JSON.parse(yield* reproduced) as {
    readonly systems: ReadonlyArray<{
      readonly experiments: ReadonlyArray<{ readonly figures: ReadonlyArray<Figure> }>
    }>
  }
  change(results.systems[0]!.experiments[0]!.figures[0]!)
  writeFileSync(from, JSON.stringify(results))
  const place = join(again, "report")
  const ended = yield* nonconvex([], ["report", "--from", from, "--out", place])
  return { ...ended, again, place }
})

const encoding = {
  x: { field: "roll", type: "quantitative" },
  y: { field: "mean", type: "quantitative" },
}

describe("report --from results of a stranger", () => {
  it.live("writes no figure outside the folder", () =>
    Effect.gen(function* () {
      const { again, code, stderr } = yield* reported((figure) => {
        figure.id = "x/../../../escaped"
      })
      assert.strictEqual(code, 1)
      assert.match(stderr, /results\.json: holds no results of this version/)
      assert.deepStrictEqual(files(again), [])
      assert.isFalse(existsSync(join(again, "../escaped.svg")))
    }),
  )

  it.live("refuses a name that no file can have, with its place", () =>
    Effect.gen(function* () {
      const { again, code, stderr } = yield* reported((figure) => {
        figure.id = "a".repeat(5000)
      })
      assert.strictEqual(code, 1)
      assert.match(
        stderr,
        /results\.json: .*systems\[0\]\.experiments\[0\]\.figures\[0\]\.id: .*100/,
      )
      assert.deepStrictEqual(files(again), [])
    }),
  )

  it.live("reads no file, and asks no address", () =>
    Effect.gen(function* () {
      let requests = 0
      const server = createServer((_, response) => {
        requests++
        response.end("roll,mean\n1,777777")
      })
      yield* Effect.promise(() => new Promise<void>((done) => server.listen(0, "127.0.0.1", done)))
      const { port } = server.address() as { readonly port: number }
      const secret = join(temporary(), "secret.csv")
      writeFileSync(secret, "roll,mean\n1,777777\n")
      const data = [
        { url: secret },
        { url: `file://${secret}` },
        { url: `http://127.0.0.1:${port}/secret.csv` },
      ]
      const specs: ReadonlyArray<Schema.JsonObject> = [
        ...data.map((each) => ({ data: each, mark: "point", encoding })),
        {
          data: { values: [{ roll: 1, mean: 2, picture: `http://127.0.0.1:${port}/a.png` }] },
          mark: "image",
          encoding: { ...encoding, url: { field: "picture" } },
        },
        { data: { name: "table" }, mark: { type: "point", href: "javascript:0" }, encoding },
      ]
      for (const spec of specs) {
        const { code, stderr } = yield* reported((figure) => {
          figure.spec = spec
        })
        assert.strictEqual(code, 1, JSON.stringify(spec))
        assert.match(stderr, /holds no results of this version/)
      }
      // and where a specification is drawn without having been read from a file
      for (const spec of specs.slice(0, 3)) {
        const drawn = yield* Svg.draw({ key: "x", spec })
        assert.notInclude(JSON.stringify(drawn), "777777")
      }
      assert.strictEqual(requests, 0)
      yield* Effect.promise(() => new Promise((done) => server.close(done)))
    }),
  )

  it.live("draws what is well", () =>
    Effect.gen(function* () {
      const { code, place } = yield* reported(() => undefined)
      assert.strictEqual(code, 0)
      assert.include(files(place), "figures/toy-dice-mean.svg")
    }),
  )
})

describe("Folder.stage", () => {
  it.live("writes nothing outside the folder", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const staged = yield* Folder.stage(folder)
      for (const path of ["../escaped", "a/../../escaped", "/../escaped"]) {
        const failure = yield* Effect.flip(staged.write(path, "x"))
        assert.match(failure.message, /cannot be written \(it is outside /)
      }
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )
})
