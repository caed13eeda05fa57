/** Separate thread for the library that reads Parquet, since a malformed file may keep it busy forever. */
import { type FileMetaData, parquetMetadata, parquetReadObjects } from "hyparquet"
import { parentPort } from "node:worker_threads"

/** Limits for an unpacked file. */
const most = { bytes: 2 ** 30, cells: 2 ** 26 } as const

/** Throws if a file declares an unpacked size above the limit. */
const requireSize = ({ row_groups: groups, schema }: FileMetaData): void => {
  const rows = groups.reduce((sum, { num_rows: count }) => sum + Number(count), 0)
  const bytes = groups
    .flatMap(({ columns }) => columns)
    .reduce((sum, { meta_data: of }) => sum + Number(of?.total_uncompressed_size ?? 0), 0)
  const isWithin = rows * schema.length <= most.cells && bytes <= most.bytes
  if (!isWithin)
    throw new Error(`it unpacks to ${rows} rows and ${bytes} bytes, which is too large`)
}

interface File {
  readonly buffer: ArrayBuffer
  readonly key: string
}

const unpack = async ({ buffer, key }: File) => {
  const metadata = parquetMetadata(buffer)
  requireSize(metadata)
  const text = metadata.key_value_metadata?.find((each) => each.key === key)?.value
  return { text, rows: await parquetReadObjects({ file: buffer, metadata }) }
}

// a file that cannot be read ends the thread: its error reaches the one who waits
parentPort!.on("message", async (file: File) => parentPort!.postMessage(await unpack(file)))
