import { assert, describe, it } from "@effect/vitest"
import { reasonOf } from "../../src/queue/QueueTable.ts"
import { type Trial, type Version, versionOf } from "../../src/queue/Trial.ts"
import { queueOf, versionIn } from "../../src/queue/QueueName.ts"

const code = "3fa4".repeat(16)
const data = "8bc1".repeat(16)

const trial: Trial = {
  system: "optim-sam",
  key: {
    kind: "experiment",
    subject: "optim-sam/valley",
    config: { radius: 0.1 },
    seed: 3,
    kernels: "strict",
    code,
  },
  parts: 4,
}

describe("queueOf", () => {
  const version = versionOf(trial)
  const versions: ReadonlyArray<Version> = [
    version,
    { ...version, system: "catapults" },
    { ...version, kernels: "relaxed" },
    { ...version, code: data },
    { ...version, data },
    { ...version, kernels: `mine@${code}` },
  ]

  it("gives each version a queue of its own, which says what it is of", () => {
    const names = versions.map(queueOf)
    assert.strictEqual(new Set(names).size, versions.length)
    assert.deepStrictEqual(names.map(versionIn), [...versions])
    assert.strictEqual(names[0], `optim-sam strict ${code} shipped`)
    for (const name of names) assert.isAtMost(name.length, 255)
  })

  it("is the same for every setting and seed", () => {
    const other = { ...trial, key: { ...trial.key, config: {}, seed: 4 } }
    assert.strictEqual(queueOf(versionOf(other)), queueOf(version))
  })

  it.each([
    "",
    "mail",
    "a b c",
    "a b c d e",
    `a turbo ${code} shipped`,
    `a file:///kernels.js ${code} shipped`,
    `a mine@file:///kernels.js ${code} shipped`,
  ])("knows that %s is of no version", (name) => assert.isUndefined(versionIn(name)))
})

describe("reasonOf", () => {
  const givenUp = (failure: string) => reasonOf(5, { id: "1", queue: "q", element: "{}", failure })

  it("tells of dead workers, and else what the last attempt died of", () => {
    const dead = "each of the 5 workers that tried it died or stopped answering"
    assert.strictEqual(givenUp("Lock expired after final attempt"), dead)
    assert.strictEqual(givenUp(""), dead)
    assert.strictEqual(
      givenUp("ThreadEnded: a/b failed: out of memory\n    at somewhere"),
      "a/b failed: out of memory",
    )
  })
})
