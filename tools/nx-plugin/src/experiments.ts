/** `node tools/nx-plugin/src/experiments.ts <system>`: the lab runs the fast preset of each experiment. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"

const root = join(import.meta.dirname, "../../..")

const lab = (stdout: "pipe" | "inherit", ...args: ReadonlyArray<string>) =>
  spawnSync(process.execPath, ["--conditions=source", "apps/lab/src/main.ts", ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", stdout, "inherit"],
  })

const [system = ""] = process.argv.slice(2)
const listed = lab("pipe", "experiments", system, "--json")
if (listed.status !== 0) process.exit(listed.status ?? 1)

const experiments = JSON.parse(listed.stdout) as ReadonlyArray<{ readonly id: string }>
const failed = experiments.filter(
  ({ id }) => lab("inherit", "run", id, "--preset", "fast").status !== 0,
)
console.log(
  `${experiments.length - failed.length} of ${experiments.length} experiments of ${system} ran`,
)
for (const { id } of failed) console.error(`failed: ${id}`)
process.exitCode = failed.length === 0 ? 0 : 1
