/** Runs before the tests of a file: the threads that they start load what was made of the sources, which takes them half of the time. */
import process from "node:process"
import { inject } from "vitest"

const { NODE_OPTIONS: given = "" } = process.env
const option = `--import=${inject("threads")}`
if (!given.includes(option)) process.env["NODE_OPTIONS"] = `${given} ${option}`
