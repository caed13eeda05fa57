/** Results keep to the width of the terminal, and lists to a screen. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { join } from "node:path"
import { Systems } from "../src/evidence/Systems.ts"
import * as Captured from "./support/Captured.ts"

const studies = join(import.meta.dirname, "../../../studies")

const commands = [
  ["systems"],
  ["claims"],
  ["claims", "optim-sam"],
  ["claims", "--exactness"],
  ["explain", "margin"],
  ["study", "--studies", studies],
  ["study", "robustness", "--studies", studies],
  ["doctor"],
] as const

/** Lines of results on a screen of 24 lines at width 80. */
const screens: ReadonlyArray<(typeof commands)[number]> = commands.filter(
  ([name]) => name === "claims" || name === "study",
)

const printed = Effect.fnUntraced(function* (args: ReadonlyArray<string>, columns: number) {
  const environment = ConfigProvider.fromEnv({ env: { COLUMNS: String(columns) } })
  const { code, stdout } = yield* Captured.over(Systems.layer, args).pipe(
    Effect.provideService(ConfigProvider.ConfigProvider, environment),
  )
  assert.strictEqual(code, 0)
  return stdout.trimEnd().split("\n")
})

/** What cannot be broken: a name longer than the line. */
const isOneWord = (line: string): boolean => !line.trim().includes(" ")

describe("results", () => {
  for (const columns of [60, 80, 120]) {
    it.live.each(commands.map((args) => [args.slice(0, 2).join(" "), args] as const))(
      `keep to ${columns} columns: %s`,
      ([, args]) =>
        Effect.gen(function* () {
          const wide = (yield* printed(args, columns)).filter(
            (line) => line.length > columns && !isOneWord(line),
          )
          assert.deepStrictEqual(wide, [])
        }),
    )
  }

  it.live.each(screens.map((args) => [args.slice(0, 2).join(" "), args] as const))(
    "are a screen at first: %s",
    ([, args]) =>
      Effect.gen(function* () {
        assert.isBelow((yield* printed(args, 80)).length, 24)
      }),
  )
})
