/**
 * `npm run native -w tools/tfjs-native`: makes tfjs-node work where its own installer does not.
 *
 * Exit 0: built, and proven by a test run; 1: wrong usage, or a step that should have worked did not; 2: this machine lacks
 * something, and the message says what.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { build } from "./Build.ts"
import { Impossible } from "./Impossible.ts"
import * as Layout from "./Layout.ts"
import * as Origin from "./Origin.ts"
import * as Package from "./Package.ts"
import { prove } from "./Prove.ts"

const root = join(import.meta.dirname, "../../..")

const usage = `usage: npm run native -w tools/tfjs-native [-- --libtensorflow PATH] [--wheel VERSION] [--into FOLDER]

  --libtensorflow   a libtensorflow: an unpacked folder, the tarball of the C library, or a wheel of tensorflow-cpu
  --wheel           without --libtensorflow: the release of tensorflow-cpu that pip fetches, default ${Origin.wheelVersion}
  --into            where tfjs-node goes, default .native/tfjs-node; a folder inside of the project, so that it finds
                    the project's @tensorflow/tfjs
`

const options = {
  libtensorflow: { type: "string" },
  wheel: { type: "string", default: Origin.wheelVersion },
  into: { type: "string", default: join(root, ".native/tfjs-node") },
  help: { type: "boolean", default: false },
} as const

const make = async (settings: {
  readonly libtensorflow?: string | undefined
  readonly wheel: string
  readonly into: string
}): Promise<string> => {
  const folder = resolve(settings.into)
  const scratch = mkdtempSync(join(tmpdir(), "tfjs-native-"))
  try {
    const path = settings.libtensorflow ?? (await Origin.fetchWheel(settings.wheel, scratch))
    const library = Layout.locate(await Origin.unpacked(resolve(path), scratch))
    console.log(`libtensorflow  ${path}`)
    await Package.obtain(folder, scratch)
    Layout.layOut(library, folder)
    console.log(`tfjs-node      ${folder}`)
    console.log(`binding        ${await build(folder)}`)
    const proof = await prove(folder)
    console.log(`proven         ${proof}`)
    return folder
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const parse = () => {
  try {
    return parseArgs({ options, allowPositionals: false }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const values = parse()
if (typeof values === "string" || values.help) {
  if (typeof values === "string") console.error(`${values}\n`)
  console.log(usage)
  process.exitCode = typeof values === "string" ? 1 : 0
} else {
  try {
    const folder = await make(values)
    console.log(`\nTensorRuntime finds it with NONCONVEX_TFJS_NODE=${folder}`)
  } catch (error) {
    console.error(error instanceof Impossible ? `${error.message}\n${error.remedy}` : error)
    process.exitCode = error instanceof Impossible ? 2 : 1
  }
}
