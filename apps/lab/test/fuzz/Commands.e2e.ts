/** The command line with what nobody means: one line that says what is wrong, or an answer; never a bug. */
import { assert, describe, it } from "@effect/vitest"
import { RandomStream, Seed } from "@nonconvex/numerics"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { system as toy } from "../fixtures/toy.ts"
import { temporary } from "../support/Folders.ts"
import { nonconvex } from "../support/InProcess.ts"
import * as Changes from "./Changes.ts"
import { readersOfTables } from "./Tables.ts"

const seed = Number(process.env["NONCONVEX_SEED"])

const game = "1,2,-3\n-2,1,0.5\n0.25,-1,2\n"
const log = `step,loss\n${Array.from({ length: 40 }, (_, k) => `${k},${1 / (k + 1)}`).join("\n")}\n`
const holes = ",a,b,c\nr1,1,2,3\nr2,2,4,\nr3,3,,9\nr4,4,8,12\n"
const rows = `x,y\n${Array.from({ length: 40 }, (_, k) => `${k},${(k * 7) % 5}`).join("\n")}\n`

/** Commands that end soon, with the flags that take a number. */
const commands: Readonly<
  Record<string, { readonly text: string; readonly args: string; readonly flags: string }>
> = {
  verify: { text: "", args: "verify toy --jobs 1 --no-store", flags: "budget" },
  run: { text: "", args: "run toy/dice --preset smoke --jobs 1 --no-store", flags: "seed" },
  solve: { text: game, args: "solve FILE", flags: "gap deviation failure radius seed" },
  diagnose: {
    text: log,
    args: "diagnose FILE --optimizer momentum",
    flags: "threshold smoothing momentum batch",
  },
  complete: { text: holes, args: "complete FILE", flags: "rank folds time seed top" },
  train: {
    text: rows,
    args: "train FILE -t y --task regression --epochs 1 --hidden none --batch 8",
    flags: "learning-rate momentum weight-decay clip test-fraction late seed",
  },
}

const numbers = ["1e308", "-1e308", "NaN", "-0", "1e-320", "9007199254740993"]

const cases = Object.entries(commands).flatMap(([name, { args, flags, text }]) =>
  flags.split(" ").map((flag) => ({ name, args, text, flag })),
)

const answers = (code: number, stderr: string, of: string): void => {
  assert.include([0, 1, 2, 3], code, of)
  assert.notMatch(stderr, /this is a bug|Maximum call stack|is not a function|undefined/, of)
  assert.isAtMost(stderr.split("\n").length, code === 2 ? 50 : 3, `${of}\n${stderr}`)
}

describe("a number that nobody means", () => {
  it.live.each(cases)("is answered of $name --$flag", ({ args, flag, text }) =>
    Effect.gen(function* () {
      const file = join(temporary(), "data.csv")
      writeFileSync(file, text)
      for (const number of numbers) {
        const all = [...args.replace("FILE", file).split(" "), `--${flag}=${number}`, "-q"]
        const { code, stderr } = yield* nonconvex([toy], all)
        answers(code, stderr, all.join(" "))
      }
    }),
  )
})

describe(`tables of strangers on the command line, of seed ${seed}`, () => {
  it.live("are answered, or refused in a line", () =>
    Effect.gen(function* () {
      const stream = RandomStream.make(Seed.root(seed).child("command line"))
      const texts = readersOfTables[0]!.seeds as ReadonlyArray<string>
      const file = join(temporary(), "data.csv")
      const asked = ["solve FILE", "diagnose FILE", "complete FILE --time 5"]
      for (let k = 0; k < 36; k++) {
        writeFileSync(file, Changes.table(stream, Changes.one(stream, texts)))
        const args = asked[k % asked.length]!.replace("FILE", file).split(" ")
        const { code, stderr } = yield* nonconvex([], [...args, "-q"])
        answers(code, stderr, args.join(" "))
      }
    }),
  )
})
