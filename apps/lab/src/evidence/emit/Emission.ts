/** Files that run a sweep in shards elsewhere. */

/** Sweep that another program runs, shard by shard. */
export interface Emission {
  /** Name of its jobs: lower-case letters, digits and hyphens. */
  readonly name: string
  /** The sweep as JSON text in ASCII, as `sweep --file` reads it. */
  readonly sweep: string
  readonly shards: number
  /** Threads of each shard. */
  readonly threads: number
  /** Further flags of each shard. */
  readonly flags: ReadonlyArray<string>
}

/** Files by name, and the commands that run them. */
export interface Emitted {
  readonly files: Readonly<Record<string, string>>
  readonly steps: ReadonlyArray<string>
}

/** Name of the file that holds the sweep. */
export const sweepFile = "sweep.json"

/** Arguments of the program for a shard of the sweep in `file`, with its store in `folder`; texts of the shell or file they stand in. */
export const shardArguments = (
  {
    flags,
    shards,
    threads,
  }: Pick<Emission, "flags" | "shards"> & { readonly threads: number | string },
  shard: string,
  file: string,
  folder: string,
): ReadonlyArray<string> => [
  ...`sweep --file ${file} --shards ${shards} --shard ${shard}`.split(" "),
  ...`--jobs ${threads} --store ${folder}shard-${shard}.sqlite`.split(" "),
  ...flags,
]

/** Arguments of the program that merge the stores of all shards, whose names a shell completes. */
export const mergeArguments = (folder: string): ReadonlyArray<string> =>
  `import ${folder}shard-*.sqlite --store ${folder}sweep.sqlite`.split(" ")

/** The command line in a container of the Dockerfile. */
export const inContainer = ["node", "--conditions=source", "/nonconvex/apps/lab/src/main.ts"]

/** Text for a POSIX shell, which takes nothing in it for its own. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
