/** Node services: paid releases, ledgers on the disk, private tables in files, and the generator of the operating system. */
import { type FileSystem, Layer, type Path } from "effect"
import type { LedgerStorage } from "../ledger/LedgerStorage.ts"
import type { Entropy } from "../noise/Entropy.ts"
import * as LedgerFile from "./LedgerFile.ts"
import * as OperatingSystem from "./OperatingSystemEntropy.ts"

export { DpLowrank } from "./DpLowrank.ts"
export {
  type Found as FoundLedger,
  inspect as inspectLedger,
  recover as recoverLedger,
} from "./LedgerRecovery.ts"
export { read as readOutputs } from "./OutputsFile.ts"
export { operatingSystem } from "../noise/OperatingSystem.ts"
export { read as readPrivateTable } from "./PrivateTable.ts"
export { read as readPrivateTallies } from "./PrivateCells.ts"

/** Layer of the services that a paid release needs: files for the ledger, and noise from the operating system. */
export const layer: Layer.Layer<Entropy | LedgerStorage, never, FileSystem.FileSystem | Path.Path> =
  Layer.merge(LedgerFile.layer, OperatingSystem.layer)
