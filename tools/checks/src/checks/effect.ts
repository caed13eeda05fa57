/** The rules of effect, and our rules of reproducibility, from the compiler that knows both. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Check, Outcome } from "../Check.ts"
import { decides } from "../Command.ts"

const compiler = "node_modules/@effect/tsgo-linux-x64/artifacts/typescript/7.0.2/tsc"

const decidesByIt = async (root: string, args: ReadonlyArray<string>): Promise<Outcome> =>
  existsSync(join(root, compiler))
    ? decides(root, join(root, compiler), [...args, "--pretty", "false"])
    : {
        status: "absent",
        output: "@effect/tsgo-linux-x64 is not installed; lint still forbids chance and clocks",
      }

/** What `effect` decides, of the files that some settings of the compiler include; and what `types` does of them, for its compiler finds what tsc does. */
export const effectOf =
  (settings: string): Check["run"] =>
  (root) =>
    decidesByIt(root, ["-p", settings])

export const effect: Check = {
  name: "effect",
  rule: "no misused effect; no clock, chance, console or environment but through its service",
  run: effectOf("tsconfig.effect.json"),
}
