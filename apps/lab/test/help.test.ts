/** What --help says of every flag of every command. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { availableParallelism } from "node:os"
import { lab } from "../src/cli/Lab.ts"
import { nonconvex } from "./support/InProcess.ts"

const commands = lab.subcommands.flatMap((group) => group.commands.map(({ name }) => name))

/** The lines of the flags of a command by name, without their names. */
const flagsOf = Effect.fnUntraced(function* (command: string) {
  const { code, stdout } = yield* nonconvex([], [command, "--help"])
  assert.strictEqual(code, 0)
  const [, own = "", globals = ""] = stdout.split(/^(?:FLAGS|GLOBAL FLAGS|EXAMPLES)$/m)
  const lines = `${own}\n${globals}`.matchAll(
    /^ +--([a-z-]+)(?:, -\w)?[^ ]*(?: [\w=<>|.]+)? {2,}(.+)$/gm,
  )
  return new Map(Array.from(lines, ([, name, text]) => [name!, text!]))
})

/** Flags of the library, which are commands rather than settings. */
const builtIn = new Set(["help", "version", "wizard", "completions", "log-level"])

describe("the help of every command", () => {
  it.live.each(commands)("%s shows the default of each flag", (command) =>
    Effect.gen(function* () {
      const flags = yield* flagsOf(command)
      assert.isTrue(flags.has("quiet"))
      for (const [name, text] of flags) {
        if (builtIn.has(name)) continue
        assert.match(text, /\((?:required|optional|default: \S.*)\)$/, `--${name}`)
        // what a flag comes to is said once, by the flag
        assert.notMatch(
          text.replace(/ \((?:required|optional|default: .*)\)$/, ""),
          /\bdefault\b/,
          `--${name}`,
        )
      }
    }),
  )

  it.live.each([
    ["verify", "runs", "200"],
    ["run", "preset", "fast"],
    ["run", "seed", "1"],
    ["run", "json", "off"],
    ["run", "kernels", "strict"],
    ["run", "data", "the bundled data"],
    ["run", "jobs", String(availableParallelism())],
    ["run", "quiet", "off"],
    ["reproduce", "out", "report"],
    ["solve", "delimiter", "detected from the file"],
    ["release", "delimiter", "detected from the first line"],
    ["release", "decimal", "point"],
  ] as const)("%s --%s: %s", ([command, flag, shown]) =>
    Effect.gen(function* () {
      const text = (yield* flagsOf(command)).get(flag) ?? ""
      assert.isTrue(text.endsWith(` (default: ${shown})`), text)
    }),
  )

  it.live("says which flags cannot be left out", () =>
    Effect.gen(function* () {
      const flags = yield* flagsOf("release")
      for (const name of ["epsilon", "neighbours"]) {
        assert.match(flags.get(name) ?? "", /\(required\)$/)
      }
    }),
  )
})
