/** `npm run wheel [-- folder]`: writes the Python wheel, by default into `packed/`. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import process from "node:process"
import { bundled } from "./Bundle.ts"
import * as Wheel from "./Wheel.ts"

const root = join(import.meta.dirname, "../../..")
const here = join(import.meta.dirname, "..")
const callbacks = join(root, "examples/python")

const { version } = JSON.parse(readFileSync(join(root, "apps/lab/package.json"), "utf8")) as {
  readonly version: string
}

/** The module, the callbacks of `examples/python`, and the command line. */
const files = new Map<string, Uint8Array>([
  ...readdirSync(join(here, "nonconvex"))
    .filter((file) => /\.py$|^py\.typed$/.test(file))
    .map((file) => [`nonconvex/${file}`, readFileSync(join(here, "nonconvex", file))] as const),
  ...readdirSync(callbacks)
    .filter((file) => file.startsWith("spike_log"))
    .map((file) => {
      const text = readFileSync(join(callbacks, file), "utf8")
      const own = text.replaceAll("from spike_log import", "from nonconvex.spike_log import")
      return [`nonconvex/${file}`, new TextEncoder().encode(own)] as const
    }),
  ...bundled(root, "@nonconvex/lab").map(
    ({ from, path }) => [`nonconvex/app/${path}`, readFileSync(from)] as const,
  ),
])

const folder = resolve(process.argv[2] ?? join(root, "packed"))
mkdirSync(folder, { recursive: true })
const file = join(folder, Wheel.fileName(version))
const readme = readFileSync(join(here, "README.md"), "utf8")
const content = Wheel.make(version, { files, readme })
writeFileSync(file, content)
process.stdout.write(`${file}: ${files.size} files, ${(content.length / 1e6).toFixed(1)} MB\n`)
