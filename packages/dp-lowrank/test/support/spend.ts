/** Run as a program: spends once, stopping itself on the way, and prints the entry of the receipt or the tag of the error. */
import { NodeServices } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { GridPlan, Ledger, Mechanism, Public } from "../../src/index.ts"
import { LedgerFile } from "../../src/node/index.ts"
import { freezing, isCommit, isWriteOfTheLine } from "./FrozenFiles.ts"

const [path = "", when = ""] = process.argv.slice(2)
const bound = Public.bound(1)
const mechanism = Mechanism.isotropic({ epsilon: 0.1, delta: 1e-6, neighbours: "replace", bound })
const plan = GridPlan.make(mechanism, 3)
const stop = Effect.sync(() => process.kill(process.pid, "SIGSTOP"))
const files = freezing(when === "before" ? isCommit : isWriteOfTheLine, stop)
const spent = Ledger.spend({ path, dataset: "people" }, plan, "stopped").pipe(
  Effect.map(({ receipt }) => String(receipt!.entry)),
  Effect.catch(({ _tag }) => Effect.succeed(_tag)),
  Effect.provide(Layer.provide(LedgerFile.layer, files)),
  Effect.provide(NodeServices.layer),
)
process.stdout.write(await Effect.runPromise(spent))
