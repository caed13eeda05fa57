import { join } from "node:path"
import { build } from "vite"
import type * as entry from "./engineEntry.ts"

/** The entry and all it imports as one module of text, for engines other than the one that runs the tests. */
export const bundle = async (): Promise<string> => {
  const output = await build({
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["source"] },
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, "engineEntry.ts"), formats: ["es"] },
    },
  })
  const [first] = Array.isArray(output) ? output : [output]
  if (first === undefined || !("output" in first)) throw new Error("vite gave no bundle")
  return first.output[0].code
}

/** What both functions of the entry return in another engine. */
export interface Answers {
  readonly failures: ReturnType<typeof entry.failures>
  readonly fingerprint: ReturnType<typeof entry.fingerprint>
}
