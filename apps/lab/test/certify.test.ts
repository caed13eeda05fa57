/** Certificates from the command line, of networks that `train` saved. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CertifyReport } from "../src/index.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(CertifyReport)))

/** A network trained on digits for two epochs. */
const trained = Effect.gen(function* () {
  const file = join(temporary(), "network.json")
  const { code } = yield* nonconvex(
    [],
    ["train", "digits", "--epochs", "2", "--hidden", "8", "--save", file, "--quiet"],
  )
  assert.strictEqual(code, 0)
  return file
})

describe("certify", () => {
  it.live("says what is known, draws the spectrum, and never says flat without a gap", () =>
    Effect.gen(function* () {
      const file = yield* trained
      const figure = join(temporary(), "spectrum.svg")
      const { code, stdout } = yield* nonconvex([], ["certify", file, "digits", "--figure", figure])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^verdict {8}undetermined: the spectrum has no gap/m)
      assert.match(stdout, /^trace {10}[\d.]+ \(exact\)$/m)
      assert.match(stdout, /^next {11}train further/m)
      assert.match(readFileSync(figure, "utf8"), /<svg/)
    }),
  )

  it.live("prints JSON with an exact trace and a density that adds up to one", () =>
    Effect.gen(function* () {
      const file = yield* trained
      const { stdout } = yield* nonconvex([], ["certify", file, "digits", "--json"])
      const { certificate, density } = yield* decode(stdout)
      const total = density.reduce((sum, { weight }) => sum + weight, 0)
      assert.closeTo(total, 1, 1e-9)
      assert.strictEqual(certificate.trace.standardError, 0)
      assert.isAbove(certificate.topEigenvalue, 0)
    }),
  )

  it.live("refuses what is no network, and other data", () =>
    Effect.gen(function* () {
      const file = yield* trained
      const other = yield* nonconvex([], ["certify", file, "breast-cancer"])
      assert.strictEqual(other.code, 1)
      assert.match(other.stderr, /it reads other features; name the data, flags and seed/)
      const text = join(temporary(), "text.json")
      writeFileSync(text, "{}")
      const broken = yield* nonconvex([], ["certify", text, "digits"])
      assert.strictEqual(broken.code, 1)
      assert.match(broken.stderr, /is not a network that train saved/)
      const absent = yield* nonconvex([], ["certify", `${text}.absent`, "digits"])
      assert.strictEqual(absent.code, 1)
      assert.match(absent.stderr, /cannot be read; nonconvex train --save writes it/)
    }),
  )
})
