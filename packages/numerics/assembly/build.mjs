/**
 * Compiles the kernels to WebAssembly, strict and relaxed, each for a memory of one thread and of several, and embeds the bytes in `src/kernels/*.generated.ts`; names their sources in `sources.generated.ts`.
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

const header = (build) =>
  `/** The ${build} build of the kernels in \`assembly\`; made by \`assembly/build.mjs\`, not by hand. Sources: ${digest} */\n`

const isCurrent = (build) => {
  try {
    return readFileSync(join(target, `${build}.generated.ts`), "utf8").startsWith(header(build))
  } catch {
    return false
  }
}

// what several threads share is declared with the largest memory that there is
const shared = "--enable threads --sharedMemory --maximumMemory 65536"
const features = {
  strict: "--enable simd",
  relaxed: "--enable simd --enable relaxed-simd",
  sharedStrict: `--enable simd ${shared}`,
  sharedRelaxed: `--enable simd --enable relaxed-simd ${shared}`,
}

const compile = async (build) => {
  const { default: asc } = await import("assemblyscript/asc")
  let binary
  const { error } = await asc.main(
    `index.ts -o kernels.wasm -O3 --noAssert --runtime stub --importMemory --noExportMemory --memoryBase 671744 --disableWarning 112 ${features[build]}`.split(
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
    throw new Error(`the ${build} build failed`, { cause: error })
  return binary
}

mkdirSync(target, { recursive: true })
const force = process.argv.includes("--force")
for (const build of Object.keys(features)) {
  if (!force && isCurrent(build)) continue
  const bytes = await compile(build)
  const text = Buffer.from(bytes).toString("base64")
  writeFileSync(
    join(target, `${build}.generated.ts`),
    `${header(build)}export const base64: string =\n  "${text}"\n`,
  )
  console.log(`kernels, ${build} build: ${bytes.length} bytes`)
}
// apart from the builds, so that to ask for the sources loads none of them
writeFileSync(
  join(target, "sources.generated.ts"),
  `/** What names the sources of the kernels; made by \`assembly/build.mjs\`, not by hand. */\nexport const sources = "${digest}"\n`,
)
