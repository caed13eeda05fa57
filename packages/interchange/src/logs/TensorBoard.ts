/** Runs written by TensorBoard, tensorboardX and PyTorch: all event files of a folder are one run. */
import { bytesOf, type FileError } from "@nonconvex/datasets/FileError"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, type FileSystem, Stream } from "effect"
import { EventRecords } from "./EventRecords.ts"
import { event } from "./Events.ts"
import { DamagedLog, LogTooLarge } from "./LogError.ts"
import type { RunLog } from "./RunLog.ts"
import { Collector } from "./Series.ts"
import * as Settings from "./Settings.ts"

const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

/**
 * Numbers of the event files of one run, in the order of their names, which begin with the time. A truncated file is read up to
 * its end, and records with a wrong checksum are dropped; both are noted. Fails with FileError, with DamagedLog if no file has a
 * whole record, and with LogTooLarge.
 */
export const read = Effect.fn("TensorBoard.read")(function* (
  paths: readonly [string, ...Array<string>],
): Effect.fn.Return<RunLog, FileError | DamagedLog | LogTooLarge, FileSystem.FileSystem> {
  const collector = new Collector(paths[0])
  const settings = new Map<string, string>()
  const notes = paths.length > 1 ? [`${paths.length} event files are read as one run`] : []
  let damage: DamagedLog | undefined
  for (const path of paths.toSorted()) {
    let strange = 0
    const records = new EventRecords(path, (content) => {
      const said = event(content)
      if (said === undefined) strange++
      else {
        for (const [tag, value] of said.scalars) collector.add(tag, said.step, value)
        for (const text of said.texts) Settings.addJson(text, settings)
      }
    })
    yield* Stream.runForEachWhile(bytesOf(path), (chunk) =>
      Seam.attempt([LogTooLarge], () => records.push(chunk)),
    )
    const said = yield* Seam.attempt([DamagedLog], () => records.finish()).pipe(
      Effect.catch((error) => {
        damage ??= error
        return Effect.succeed([error.reason])
      }),
    )
    const lost = strange === 0 ? [] : [`ignored: ${strange} records that are not events`]
    const of = paths.length === 1 ? "" : `${fileName(path)}: `
    notes.push(...[...said, ...lost].map((note) => of + note))
  }
  if (damage !== undefined && collector.isEmpty) return yield* damage
  return { columns: collector.columns(), isByRow: false, settings, notes }
})
