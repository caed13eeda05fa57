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
      `keep to ${columns} columns, and lists to a screen of 80: %s`,
      ([, args]) =>
        Effect.gen(function* () {
          const lines = yield* printed(args, columns)
          const wide = lines.filter((line) => line.length > columns && !isOneWord(line))
          assert.deepStrictEqual(wide, [])
          if (columns === 80 && screens.includes(args)) assert.isBelow(lines.length, 24)
        }),
    )
  }
})
