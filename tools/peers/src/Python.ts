/** The Python of the peers: the virtual environment that `--install` makes, else `python3`. */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"

const folder = join(import.meta.dirname, "..")
export const environmentFolder = join(folder, ".venv")
const own = join(environmentFolder, "bin", "python")

/** The command to start Python with. */
export const command = (): string => (existsSync(own) ? own : "python3")

/** These cripple an OpenBLAS that knows the processor better; the peers run without them. */
const crippling = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"]

const threads = [
  "OPENBLAS_NUM_THREADS",
  "OMP_NUM_THREADS",
  "MKL_NUM_THREADS",
  "NUMBA_NUM_THREADS",
  "VECLIB_MAXIMUM_THREADS",
  // The only one that XLA's thread pool (JAX) looks at.
  "NPROC",
  // TensorFlow, in Python and below TensorFlow.js, as it is loaded.
  "TF_NUM_INTRAOP_THREADS",
  "TF_NUM_INTEROP_THREADS",
]

/** The environment of a peer that may use one thread, or all. */
export const environment = (single: boolean): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(
    ([name]) => !crippling.includes(name) && !threads.includes(name),
  )
  const limited = single ? threads.map((name) => [name, "1"] as const) : []
  return Object.fromEntries([...kept, ...limited])
}

/** Makes the virtual environment from requirements.txt; returns what went wrong, or undefined. */
export const install = (): string | undefined => {
  const steps: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ["python3", ["-m", "venv", environmentFolder]],
    [own, ["-m", "pip", "install", "--quiet", "--requirement", join(folder, "requirements.txt")]],
  ]
  for (const [name, args] of steps) {
    const { error, status } = spawnSync(name, args, { stdio: "inherit" })
    if (error !== undefined) return `${name}: ${error.message}`
    if (status !== 0) return `${[name, ...args].join(" ")}: exit ${status}`
  }
  return undefined
}
