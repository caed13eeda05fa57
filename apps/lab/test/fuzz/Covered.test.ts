/** Every module that takes bytes of a file or of another program is known here, with the readers that are sent what strangers send. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { join } from "node:path"
import { readers } from "./Documents.ts"

const root = join(import.meta.dirname, "../../../..")

/** What a module has that takes somebody's bytes: a file, a text of JSON, a database, a view of what stands in bytes. */
const takes =
  /\{[^}]*\b(?:bytesOf|readBytes)\b[^}]*\} from "[^"]*\/FileError|\b(?:readFileSync|readFile|readFileString)\(|\bJson\.read\(|\bJSON\.parse\(|\bfs\.(?:stream|open)\(|new DataView\(|new DatabaseSync\(|\bRecords\.(?:read|parse)Into\(|\b(?:Grid|Typed|Frame|Table|Npy|Npz|Idx)\.read\w*\(|createReadStream\(/

const text = ["Table.read", "Table.readColumns", "Frame.read", "Frame.read of bytes", "Csv.read"]
const logs = ["logs of JSON as text", "logs of JSON as bytes", "logs of JSON as lines"]
const own = "what this process wrote, or its own sources"
const bits = "numbers of this process, as bits"

/** The readers of each module, by name; a file of tests of its own, or why nobody else's bytes come there. */
const known: Readonly<Record<string, string | ReadonlyArray<string>>> = {
  "apps/gallery/src/live/Ask.ts": "a page, of the server that it is from",
  "apps/gallery/src/live/Form.ts": "a page, of the server that it is from",
  "apps/gallery/src/page/Packed.ts": "a page, of itself",
  "packages/dp-lowrank/src/node/OutputsFile.ts": ["outputs of another program"],
  "apps/lab/src/networks/Checkpoints.ts": ["TrainedNetwork.read"],
  "apps/lab/src/data/complete/CompletionFile.ts": ["CompletionFile.read"],
  "apps/lab/src/data/flatten/Flattenable.ts": ["Flattenable.read"],
  "apps/lab/src/data/predict/NewRows.ts": ["Frame.read"],
  "apps/lab/src/data/release/PublicScales.ts": ["PublicScales.read"],
  "apps/lab/src/data/solve/SolveInput.ts": ["SolveInput.load"],
  "apps/lab/src/data/worst-case/WorstCaseFile.ts": ["readMethod", "readCertificate"],
  "apps/lab/src/evidence/handlers/ImportHandler.ts": ["Bundle.decode"],
  "apps/lab/src/evidence/kept/KeptRows.ts": ["KeptRows.decode"],
  "apps/lab/src/evidence/report/Report.ts": ["Report.read"],
  "apps/lab/src/evidence/runs/Bundle.ts": ["Bundle.decode"],
  "apps/lab/src/evidence/study/Study.ts": [
    "Study.read of study.json",
    "Study.read of expectation.json",
    "Study.read of sweep.json",
    "Stored.decode",
  ],
  "apps/lab/src/evidence/sweep/SweepDraft.ts": ["Asked.draft"],
  "apps/lab/src/evidence/sweep/VariedSettings.ts": "flags, by who runs the command",
  "apps/lab/src/files/Json.ts": ["TrainedNetwork.read", "Report.read"],
  "packages/datasets/src/Prepared.ts": ["Frame.read"],
  "apps/lab/src/networks/TrainedNetwork.ts": ["TrainedNetwork.read"],
  "packages/interchange/src/samples/ArraySamples.ts": ["samples in arrays"],
  "packages/interchange/src/samples/ImageSamples.ts": ["samples in IDX", "picture"],
  "apps/lab/src/networks/outside/Outside.ts": ["description of a network"],
  "packages/interchange/src/node/ForeignNetwork.ts": ["samples in arrays", "samples in IDX"],
  "packages/interchange/src/samples/Png.ts": ["picture"],
  "packages/interchange/src/samples/TableSamples.ts": ["Frame.read"],
  "apps/python/src/Bundle.ts": own,
  "apps/python/src/main.ts": own,
  "packages/datasets/src/Cifar10.ts": ["Cifar10"],
  "packages/datasets/src/Csv.ts": ["Csv.read"],
  "packages/datasets/src/FileError.ts": text,
  "packages/datasets/src/Frame.ts": ["Frame.read", "Frame.read of bytes"],
  "packages/datasets/src/Idx.ts": ["Idx", "Idx of labels"],
  "packages/datasets/src/LabelledImages.ts": ["Idx", "Idx of labels"],
  "packages/datasets/src/Npy.ts": ["Npy.read"],
  "packages/datasets/src/Npz.ts": ["Npz.read", "Table.read of arrays"],
  "packages/datasets/src/Table.ts": ["Table.read"],
  "packages/datasets/src/Triplets.ts": ["EntriesFile.read"],
  "packages/datasets/src/Zip.ts": ["Npz.read", "network of npz", "network of Keras"],
  "packages/datasets/src/internal/Grid.ts": ["Table.read", "EntriesFile.read"],
  "packages/datasets/src/internal/RowSink.ts": ["Table.readInto", "Table.readPrivateInto"],
  "packages/datasets/src/internal/NpyWriting.ts": own,
  "packages/datasets/src/internal/Records.ts": text,
  "packages/datasets/src/internal/Streamed.ts": [
    "Table.readColumns",
    "Table.readLog",
    "Table.readInto",
    "Table.readPrivateCells",
    "Table.readPrivateInto",
  ],
  "packages/datasets/src/internal/typed/Arrow.ts": ["Table.read of Arrow"],
  "packages/datasets/src/internal/typed/ArrowFrames.ts": ["Table.read of Arrow"],
  "packages/datasets/src/internal/typed/Codecs.ts": [
    "Frame.read of Parquet",
    "Table.read of Arrow",
  ],
  "packages/datasets/src/internal/typed/Columns.ts": ["Frame.read of Parquet"],
  "packages/dp-lowrank/src/evidence/support/Rational.ts": bits,
  "packages/dp-lowrank/src/node/FirstLine.ts": ["PrivateTable.read"],
  "packages/dp-lowrank/src/node/LedgerFile.ts": ["LedgerRecovery.inspect"],
  "packages/dp-lowrank/src/node/LedgerPlaces.ts": ["LedgerRecovery.inspect"],
  "packages/dp-lowrank/src/node/PrivateCells.ts": ["Table.readPrivateCells"],
  "packages/dp-lowrank/src/node/PrivateTable.ts": ["PrivateTable.read"],
  "packages/evidence/src/Conformance.ts": own,
  "packages/evidence/src/Memory.ts": own,
  "packages/evidence/src/Settings.ts": own,
  "packages/interchange/src/logs/Beside.ts": ["configurations beside a log"],
  "packages/interchange/src/logs/LossLog.ts": ["LossLog.read"],
  "packages/interchange/src/logs/EventRecords.ts": ["logs of TensorBoard"],
  "packages/interchange/src/logs/Events.ts": ["logs of TensorBoard"],
  "packages/interchange/src/logs/JsonLog.ts": logs,
  "packages/interchange/src/logs/JsonRecords.ts": logs,
  "packages/interchange/src/logs/MlflowFiles.ts": ["numbers of MLflow"],
  "packages/interchange/src/logs/MetricRows.ts": [
    "metrics of a program as lines",
    "metrics of a program as a table",
  ],
  "packages/interchange/src/logs/Recognise.ts": ["logs of TensorBoard", ...logs],
  "packages/interchange/src/logs/Settings.ts": ["logs of TensorBoard"],
  "packages/interchange/src/logs/TensorBoard.ts": ["logs of TensorBoard"],
  "packages/interchange/src/networks/JsonText.ts": [
    "network of Keras",
    "network of HDF5",
    "network of TensorFlow.js",
  ],
  "packages/interchange/src/networks/Safetensors.ts": ["network of safetensors"],
  "packages/interchange/src/networks/Tensor.ts": ["network of safetensors"],
  "packages/interchange/src/networks/keras/Tfjs.ts": ["network of TensorFlow.js"],
  "packages/interchange/src/networks/onnx/Arrays.ts": ["network of ONNX"],
  "packages/interchange/src/networks/onnx/OnnxWeights.ts": ["network of ONNX"],
  "packages/interchange/src/networks/onnx/Traced.ts": ["network of ONNX"],
  "packages/interchange/src/node/MlflowDatabase.ts": ["databases of MLflow"],
  "packages/interchange/src/node/Networks.ts": [
    "network of safetensors",
    "network of npz",
    "network of ONNX",
    "network of Keras",
    "network of HDF5",
    "network of TensorFlow.js",
  ],
  "packages/interchange/src/oracle/Protocol.ts":
    "packages/interchange/test/oracle/Protocol.test.ts",
  "packages/numerics/src/Seed.ts": bits,
  "packages/numerics/src/WideVectors.ts": "what the system says of its processor",
  "packages/problems/src/Resumption.ts": own,
  "packages/problems/src/Snapshot.ts": ["Snapshot.read"],
  "packages/problems/src/internal/Resumed.ts": own,
  "packages/runner/src/node/Code.ts": own,
  "packages/runner/src/sweep/RunSweep.ts": own,
  "packages/store/src/Sqlite.ts": ["store"],
  "packages/store/src/internal/Blob.ts": ["store", "Bundle.decode"],
  "packages/store/src/internal/Text.ts": ["store"],
  "packages/worst-case/src/method/Read.ts": ["readMethod", "readCertificate"],
}

/** What takes a text that somebody types or pastes. */
const typed = ["Token.parse", "Seeds", "Where.parse", "Metric.parse"]

const modules = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const source = join(folder, name, "src")
    if (!existsSync(join(root, source))) return []
    return readdirSync(join(root, source), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".generated.ts"))
      .map((file) => join(source, file))
  })

const found = [...modules("packages"), ...modules("apps")].filter((file) =>
  takes.test(readFileSync(join(root, file), "utf8")),
)

describe("what reads the bytes of others", () => {
  it("is known", () => {
    assert.deepStrictEqual(found.toSorted(), Object.keys(known).toSorted())
  })

  it.effect("is sent what strangers send", () =>
    Effect.gen(function* () {
      const all = new Set((yield* readers).map(({ name }) => name))
      const ofModules = Object.values(known).flatMap((of) => (typeof of === "string" ? [] : of))
      const used = new Set([...ofModules, ...typed])
      const absent = isBuiltin("node:sqlite") ? [] : ["databases of MLflow", "store"]
      assert.deepStrictEqual(
        [...used].filter((name) => !all.has(name)),
        absent,
      )
      assert.deepStrictEqual(
        [...all].filter((name) => !used.has(name)),
        [],
      )
      for (const reason of Object.values(known)) {
        if (typeof reason !== "string" || !reason.endsWith(".test.ts")) continue
        // as many as here
        assert.match(readFileSync(join(root, reason), "utf8"), /NONCONVEX_FUZZ/, reason)
      }
    }),
  )
})
