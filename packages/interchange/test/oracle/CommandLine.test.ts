import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { wordsOf } from "../../src/oracle/CommandLine.ts"

describe("wordsOf", () => {
  it.each<[string, ReadonlyArray<string> | undefined]>([
    ["", []],
    ["   ", []],
    ["python hvp.py", ["python", "hvp.py"]],
    ["  python\thvp.py  --seed=1 ", ["python", "hvp.py", "--seed=1"]],
    [`"/a path/python" 'my model.py'`, ["/a path/python", "my model.py"]],
    [`--name="two words"x`, ["--name=two wordsx"]],
    [`""`, [""]],
    [`"a \\"b\\" \\\\ \\n"`, [`a "b" \\ \\n`]],
    [`C:\\dir\\run.exe 'it"s'`, ["C:\\dir\\run.exe", `it"s`]],
    ["$HOME ~ | && ;", ["$HOME", "~", "|", "&&", ";"]],
    [`python "hvp.py`, undefined],
    [`python 'hvp.py"`, undefined],
    [`"ends in \\"`, undefined],
  ])("splits %s", (line, words) => {
    assert.deepStrictEqual(wordsOf(line), words)
  })

  it("splits any text, or refuses it", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", " ", '"', "'", "\\", "=", "\n", "é") })
    fc.assert(
      fc.property(texts, (line) => {
        for (const word of wordsOf(line) ?? []) assert.isString(word)
      }),
      { numRuns: 1000 },
    )
  })
})
