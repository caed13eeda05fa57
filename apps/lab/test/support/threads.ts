/** Runs before the tests of a file: the threads that they start load what was made of the sources, which takes them half of the time. */
import process from "node:process"
import { pathToFileURL } from "node:url"
import { inject } from "vitest"

const { NODE_OPTIONS: given = "" } = process.env
// an address has no blanks, as a folder may
const option = `--import=${pathToFileURL(inject("threads")).href}`
if (!given.includes(option)) process.env["NODE_OPTIONS"] = `${given} ${option}`
