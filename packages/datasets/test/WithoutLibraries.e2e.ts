/** Tables where the packages that read and write them are not installed. */
import { assert, describe, it } from "vitest"
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import process from "node:process"

describe("without the packages that read and write them", () => {
  it("tables are refused with what installs these", () => {
    const [script, hidden] = ["withoutLibraries.ts", "hidden.ts"].map((name) =>
      join(import.meta.dirname, "fixtures", name),
    )
    const tables = ["ratings-polars.parquet", "typed-zstd.feather"].map((name) =>
      join(import.meta.dirname, "fixtures", "tables", name),
    )
    const { stderr, stdout } = spawnSync(
      process.execPath,
      ["--conditions=source", script!, ...tables],
      { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: `--import=${hidden}` } },
    )
    assert.strictEqual(stderr, "")
    for (const remedy of [
      /reader of Parquet.*npm install hyparquet hyparquet-compressors/,
      /reader of Arrow.*npm install apache-arrow hyparquet-compressors/,
      /writer of hyparquet-writer.*npm install hyparquet-writer/,
      /writer of apache-arrow.*npm install apache-arrow/,
      /writer of fflate.*npm install fflate/,
    ]) {
      assert.match(stdout, remedy)
    }
  })
})
