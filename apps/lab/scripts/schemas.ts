/** Writes the JSON schemas of what is written and read into docs/schemas. Run it with `node --conditions=source` where one of them changed. */
import { writeFileSync } from "node:fs"
import { documents } from "../test/support/Schemas.ts"

for (const [name, text] of Object.entries(documents)) {
  writeFileSync(new URL(`../../../docs/schemas/${name}`, import.meta.url), text)
}
