/** `npm run sbom [-- file]`: writes the bill of materials of the workspace, default `sbom.json`, where it is what the lock file installs. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { bill, findings } from "./Bill.ts"

const root = join(import.meta.dirname, "../../..")
const { fault, text } = bill(root)
const wrong = fault === undefined ? findings(root, text) : [fault]
if (wrong.length > 0) {
  process.stderr.write(`${wrong.join("\n")}\n`)
  process.exitCode = 1
} else {
  const file = process.argv[2] ?? "sbom.json"
  writeFileSync(file, text)
  process.stdout.write(`${file}: ${JSON.parse(text).components.length} packages, in CycloneDX\n`)
}
