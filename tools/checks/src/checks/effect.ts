/** The rules of effect, and our rules of reproducibility, from the compiler that knows both. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Check } from "../Check.ts"
import { decides } from "../Command.ts"

const compiler = "node_modules/@effect/tsgo-linux-x64/artifacts/typescript/7.0.2/tsc"

export const effect: Check = {
  name: "effect",
  rule: "no misused effect; no clock, chance, console or environment but through its service",
  run: async (root) =>
    existsSync(join(root, compiler))
      ? decides(root, join(root, compiler), ["-p", "tsconfig.effect.json", "--pretty", "false"])
      : {
          status: "absent",
          output: "@effect/tsgo-linux-x64 is not installed; lint still forbids chance and clocks",
        },
}
