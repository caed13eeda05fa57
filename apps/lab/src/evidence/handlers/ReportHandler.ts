import { Effect } from "effect"
import * as Folder from "../../files/Folder.ts"
import * as Report from "../report/Report.ts"
import * as Output from "../../cli/Output.ts"

export const handle = Effect.fn("report")(function* ({
  from,
  out,
}: {
  readonly from: string
  readonly out: string
}) {
  const results = yield* Report.read(from)
  const folder = yield* Folder.stage(out)
  yield* Report.write(folder, results)
  yield* Output.text(`${out}/index.html`)
}, Effect.scoped)
