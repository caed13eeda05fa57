/**
 * Compiles the kernels to WebAssembly, strict and relaxed, each for a memory of one thread and of several, and embeds the bytes in `src/kernels/*.generated.ts`, of those for several what differs.
 * Then compiles every `<Name>.kernel.ts` below the `src` of a package, a loop beside the step that it repeats, and embeds it in `<Name>.kernel.generated.ts` with the types of
 * what it exports. A loop may import the texts of this folder. It has the strict build alone, for it repeats the step to the bit.
 *
 * Plain JavaScript, so that any Node from 20 on runs it. Does nothing where the sources have not changed; `--force` builds all
 * the same.
 */
import { createHash } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, dirname, join, relative, sep } from "node:path"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, "..", "src", "kernels")
const packages = join(here, "..", "..")

const { version } = createRequire(import.meta.url)("assemblyscript/package.json")

const sources = new Map(
  readdirSync(here)
    .filter((name) => name.endsWith(".ts") || name === "build.mjs")
    .toSorted()
    .map((name) => [name, readFileSync(join(here, name), "utf8")]),
)

const digestOf = (texts) => {
  const hash = createHash("sha256").update(version)
  for (const [name, text] of texts) hash.update(`${name}\0${text}\0`)
  return hash.digest("hex")
}
const digest = digestOf(sources)

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

const beginsWith = (file, head) => {
  try {
    return readFileSync(file, "utf8").startsWith(head)
  } catch {
    return false
  }
}

const isForced = process.argv.includes("--force")
const features = { strict: "--enable simd", relaxed: "--enable simd --enable relaxed-simd" }
// what several threads share is declared with the largest memory that there is
const ofThreads = "--enable threads --sharedMemory --maximumMemory 65536"

const compile = async (entry, readFile, options) => {
  const { default: asc } = await import("assemblyscript/asc")
  let binary
  const { error } = await asc.main(
    `${entry} -o kernels.wasm -O3 --noAssert --runtime stub --importMemory --noExportMemory --memoryBase 671744 --disableWarning 112 ${options}`.split(
      " ",
    ),
    {
      readFile,
      writeFile: (name, contents) => {
        if (name === "kernels.wasm") binary = contents
      },
      listFiles: () => [],
      stderr: process.stderr,
    },
  )
  if (error !== null || binary === undefined)
    throw new Error(`the build of ${entry} failed: ${options}`, { cause: error })
  return binary
}

const compileKernels = (options) =>
  compile("index.ts", (name) => sources.get(name) ?? null, options)

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
if (isForced || !Object.keys(written).every((name) => beginsWith(fileOf(name), header(name)))) {
  const [differences, text] = [[], {}]
  for (const build of ["strict", "relaxed"]) {
    const bytes = await compileKernels(features[build])
    const shared = difference(bytes, await compileKernels(`${features[build]} ${ofThreads}`))
    differences.push(`export const ${build} = ${shared}\n`)
    text[build] = `export const base64: string =\n  "${base64(bytes)}"\n`
    console.log(`kernels, ${build} build: ${bytes.length} bytes`)
  }
  text.shared = differences.join("")
  for (const name of Object.keys(written)) writeFileSync(fileOf(name), header(name) + text[name])
}

/** The loops of all packages, by their paths in `packages`. */
const loops = readdirSync(packages, { withFileTypes: true })
  .filter((each) => each.isDirectory())
  .flatMap(({ name }) => {
    const source = join(packages, name, "src")
    try {
      return readdirSync(source, { recursive: true })
        .filter((file) => file.endsWith(".kernel.ts"))
        .map((file) => relative(packages, join(source, file)).split(sep).join("/"))
    } catch {
      return []
    }
  })
  .toSorted()

const mostParameters = 8

/** The functions that a text exports, as types: every parameter is a number. */
const typesOf = (path, text) =>
  [...text.matchAll(/^export function (\w+)\(([^)]*)\):\s*(\w+)/gm)].map(
    ([, name, list, result]) => {
      const parameters = [...list.matchAll(/(\w+)\s*:/g)].map((found) => found[1])
      if (parameters.length > mostParameters)
        throw new Error(
          `${path}: ${name} takes more than ${mostParameters} parameters; give a block of numbers`,
        )
      const given = parameters.map((parameter) => `${parameter}: number`).join(", ")
      return `  readonly ${name}: (${given}) => ${result === "void" ? "void" : "number"}\n`
    },
  )

/** The ids of the sections of a module, in their order. */
const sectionsOf = (bytes) => {
  const ids = []
  for (let at = 8; at < bytes.length;) {
    ids.push(bytes[at++])
    let [length, shift, byte] = [0, 0, 128]
    for (; byte >= 128; shift += 7) {
      byte = bytes[at++]
      length += (byte & 127) * 2 ** shift
    }
    at += length
  }
  return ids
}

/** The section of data: it would lie where that of the kernels does. */
const data = 11

for (const path of loops) {
  const text = readFileSync(join(packages, path), "utf8")
  const file = join(packages, path.replace(/\.ts$/, ".generated.ts"))
  const head = `/** The loops of \`${basename(path)}\`; made by \`packages/numerics/assembly/build.mjs\`, not by hand. Sources: ${digestOf([...sources, [path, text]])} */\n`
  if (!isForced && beginsWith(file, head)) continue
  const read = (name) => {
    try {
      return readFileSync(join(packages, name), "utf8")
    } catch {
      return null
    }
  }
  const bytes = await compile(path, read, features.strict)
  if (sectionsOf(bytes).includes(data))
    throw new Error(`${path}: a loop keeps no data of its own in the memory of the kernels`)
  const type = `{\n${typesOf(path, text).join("")}}`
  const embedded = `import type { CompiledLoop } from "@nonconvex/numerics/Kernels"\n\nexport const loop: CompiledLoop<${type}> = {\n  base64:\n    "${base64(bytes)}",\n}\n`
  writeFileSync(file, head + embedded)
  console.log(`${path}: ${bytes.length} bytes`)
}
