import { Option } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Replay from "../src/Replay.ts"

const word = fc.stringMatching(/^[a-z0-9]{1,8}$/)

const id = fc
  .tuple(word, fc.array(word, { minLength: 1, maxLength: 4 }))
  .map(([system, words]) => `${system}/${words.join("-")}`)

const seed = fc.integer({ min: -0x80000000, max: 0x7fffffff })

const first = fc.oneof(
  fc.nat({ max: 5000 }).map(String),
  fc
    .array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { maxLength: 12 })
    .map((choices) => (choices.length === 0 ? "." : choices.map((each) => `.${each}`).join(""))),
)
const path = fc
  .tuple(first, fc.array(fc.nat({ max: 5000 }), { maxLength: 12 }))
  .map(([step, shrinks]) => [step, ...shrinks].join(":"))

/** Any text with a letter or a digit, so that it can be told from another. */
const control = fc.string({ unit: "grapheme" }).filter((name) => /[\p{L}\p{N}]/u.test(name))

describe("replay tokens", () => {
  it("come back from their text, with seeds of either sign", () => {
    fc.assert(
      fc.property(id, seed, path, (claim, root, to) => {
        const replay = { id: claim, seed: root, path: to }
        assert.deepStrictEqual(Replay.parse(Replay.format(replay)), Option.some(replay))
      }),
    )
  })

  it("name their control, whatever it is called", () => {
    fc.assert(
      fc.property(id, control, seed, path, (claim, name, root, to) => {
        const replay = { id: claim, control: name, seed: root, path: to }
        const token = Replay.format(replay)
        const parsed = Option.getOrThrow(Replay.parse(token))
        assert.isTrue(Replay.isControl(parsed, name))
        assert.deepStrictEqual(parsed, { ...replay, control: Replay.short(name) })
        assert.strictEqual(Replay.format(parsed), token)
      }),
    )
  })

  it("need no quotes in a shell", () => {
    const replay = { id: "optim-sam/floor", seed: -7, path: "3:0:1" }
    const token = Replay.format({ ...replay, control: "rate > 2 / β (no $decay!)" })
    assert.strictEqual(token, "optim-sam/floor+rate-2-β-no-decay@-7:3:0:1")
    fc.assert(
      fc.property(control, (name) => {
        assert.match(Replay.format({ ...replay, control: name }), /^[\p{L}\p{N}+./@:-]+$/u)
      }),
    )
  })

  it("tell spaces from hyphens no more than the reader of a table does", () => {
    const replay = { id: "a/b", control: "iid-noise", seed: 1, path: "0" }
    assert.isTrue(Replay.isControl(replay, "iid noise"))
    assert.isTrue(Replay.isControl(replay, "iid-noise"))
    assert.isFalse(Replay.isControl(replay, "iid noises"))
    assert.isFalse(Replay.isControl({ id: "a/b", seed: 1, path: "0" }, "iid noise"))
  })

  it("are refused where the text is anything else", () => {
    const texts = [
      "",
      "a/b",
      "a/b@1",
      "a/b@1:",
      "a/b@:0",
      "a/b@1:0:",
      "a/b@1::0",
      "a/b@1.5:0",
      "a/b@1:x",
      "a/b@1:-1",
      "a/b@1:..",
      "a/b@1:.1.",
      "a/b@1:1.2",
      "a/b@1:0:.1",
      "a/b+@1:0",
      "a/b@2147483648:0",
      "a/b@99999999999:0",
      " a/b@1:0",
      "a/b@1:0 ",
      "a b@1:0",
      "a/b@1:0\n",
    ]
    for (const text of texts) assert.isTrue(Option.isNone(Replay.parse(text)), text)
  })

  it("say what they should look like", () => {
    assert.strictEqual(
      new Replay.BadReplayToken({ token: "x" }).message,
      `"x" is not a replay token; copy one from a verdict, for example optim-sam/normalised-step-length@42:3:0`,
    )
  })
})
