/**
 * Compiles the kernels to WebAssembly, strict and relaxed, each for a memory of one thread and of several, and embeds the bytes in `src/kernels/*.generated.ts`, of those for several what differs; names their sources in `sources.generated.ts`.
 *
 * Plain JavaScript, so that any Node from 20 on runs it. Does nothing where the sources have not changed; `--force` builds all
 * the same.
 */
import { createHash } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, "..", "src", "kernels")

const { version } = createRequire(import.meta.url)("assemblyscript/package.json")

const sources = new Map(
  readdirSync(here)
    .filter((name) => name.endsWith(".ts") || name === "build.mjs")
    .toSorted()
    .map((name) => [name, readFileSync(join(here, name), "utf8")]),
)

const hash = createHash("sha256").update(version)
for (const [name, text] of sources) hash.update(`${name}\0${text}\0`)
const digest = hash.digest("hex")

/** What is written, and what it is. */
const written = {
  strict: "The strict build of the kernels in `assembly`",
  relaxed: "The relaxed build of the kernels in `assembly`",
  shared:
    "What builds for a memory that threads share have between `from` and `until` of the others",
}

const fileOf = (name) => join(target, `${name}.generated.ts`)

const header = (name) =>
  `/** ${written[name]}; made by \`assembly/build.mjs\`, not by hand. Sources: ${digest} */\n`

const isCurrent = (name) => {
  try {
    return readFileSync(fileOf(name), "utf8").startsWith(header(name))
  } catch {
    return false
  }
}

const features = { strict: "--enable simd", relaxed: "--enable simd --enable relaxed-simd" }
// what several threads share is declared with the largest memory that there is
const ofThreads = "--enable threads --sharedMemory --maximumMemory 65536"

const compile = async (options) => {
  const { default: asc } = await import("assemblyscript/asc")
  let binary
  const { error } = await asc.main(
    `index.ts -o kernels.wasm -O3 --noAssert --runtime stub --importMemory --noExportMemory --memoryBase 671744 --disableWarning 112 ${options}`.split(
      " ",
    ),
    {
      readFile: (name) => sources.get(name) ?? null,
      writeFile: (name, contents) => {
        if (name === "kernels.wasm") binary = contents
      },
      listFiles: () => [],
      stderr: process.stderr,
    },
  )
  if (error !== null || binary === undefined)
    throw new Error(`the build failed: ${options}`, { cause: error })
  return binary
}

const base64 = (bytes) => Buffer.from(bytes).toString("base64")

/** What `other` has in place of a part of `bytes`, as a literal: a declaration of the memory is all of it. */
const difference = (bytes, other) => {
  let from = 0
  while (bytes[from] === other[from]) from++
  let same = 0
  const most = Math.min(bytes.length, other.length) - from
  while (same < most && bytes.at(-1 - same) === other.at(-1 - same)) same++
  const part = base64(other.subarray(from, other.length - same))
  return `{ from: ${from}, until: ${bytes.length - same}, base64: "${part}" }`
}

mkdirSync(target, { recursive: true })
if (process.argv.includes("--force") || !Object.keys(written).every(isCurrent)) {
  const [differences, text] = [[], {}]
  for (const build of ["strict", "relaxed"]) {
    const bytes = await compile(features[build])
    const shared = difference(bytes, await compile(`${features[build]} ${ofThreads}`))
    differences.push(`export const ${build} = ${shared}\n`)
    text[build] = `export const base64: string =\n  "${base64(bytes)}"\n`
    console.log(`kernels, ${build} build: ${bytes.length} bytes`)
  }
  text.shared = differences.join("")
  for (const name of Object.keys(written)) writeFileSync(fileOf(name), header(name) + text[name])
}
// apart from the builds, so that to ask for the sources loads none of them
writeFileSync(
  fileOf("sources"),
  `/** What names the sources of the kernels; made by \`assembly/build.mjs\`, not by hand. */\nexport const sources = "${digest}"\n`,
)
