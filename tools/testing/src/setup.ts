/** Runs before every test file: seeds fast-check, and names the seed beside each failure. */
import * as fc from "fast-check"
import { beforeEach } from "vitest"
import * as Seed from "./Seed.ts"

const seed = Seed.read(process.env)
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })

beforeEach(({ onTestFailed }) => {
  onTestFailed(() => console.error(`seed ${seed}; to repeat: ${Seed.variable}=${seed} npm test`))
})
