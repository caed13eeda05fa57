/** Finding a libtensorflow in a folder, and laying it out as the build of tfjs-node expects it: `deps/include`, `deps/lib`. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs"
import { basename, join } from "node:path"
import { Impossible } from "./Impossible.ts"

export interface LibTensorflow {
  /** The folder that holds `tensorflow/c/c_api.h`. */
  readonly include: string
  /** The shared library with the C API, and those that it loads from its own folder. */
  readonly library: string
  readonly framework: string
}

const header = "tensorflow/c/c_api.h"

/** Folders below `root`, itself first, three levels deep: as deep as any of the known packings goes. */
const folders = (root: string, depth = 3): ReadonlyArray<string> =>
  depth === 0
    ? [root]
    : [
        root,
        ...readdirSync(root, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .flatMap((entry) => folders(join(root, entry.name), depth - 1)),
      ]

/** The C library calls it `libtensorflow.so`, the Python package `libtensorflow_cc.so.2`. */
const apiLibrary = /^libtensorflow(?:_cc)?\.so(?:\.\d+)*$/
const frameworkLibrary = /^libtensorflow_framework\.so(?:\.\d+)*$/

/** The library behind the symbolic links, the longest name where there are copies. */
const find = (where: ReadonlyArray<string>, name: RegExp): string | undefined => {
  for (const folder of where) {
    const found = readdirSync(folder)
      .filter((file) => name.test(file))
      .toSorted((a, b) => b.length - a.length)[0]
    if (found !== undefined) return realpathSync(join(folder, found))
  }
  return undefined
}

/** The libtensorflow in `root`. Throws Impossible where a part of it is missing, and says which. */
export const locate = (root: string): LibTensorflow => {
  const all = folders(root)
  const include = all.find((folder) => existsSync(join(folder, header)))
  const library = find(all, apiLibrary)
  const framework = find(all, frameworkLibrary)
  const missing = [
    include === undefined && header,
    library === undefined && "libtensorflow.so or libtensorflow_cc.so.2",
    framework === undefined && "libtensorflow_framework.so",
  ].filter((part) => part !== false)
  if (include === undefined || library === undefined || framework === undefined) {
    throw new Impossible(
      `${root} is no libtensorflow: it has no ${missing.join(", no ")}`,
      "Give the unpacked C library, its tarball, or the wheel of tensorflow-cpu 2.13 to 2.15 for Linux.",
    )
  }
  return { include, library, framework }
}

/** The name that the loader looks for at run time, `libtensorflow.so.2` for `libtensorflow.so.2.9.1`. */
const soname = (file: string): string => /^lib\w+\.so(?:\.\d+)?/.exec(basename(file))![0]

/**
 * Copies headers and libraries into `<package>/deps`, with the names that the linker (`-ltensorflow`) and, at run time, the loader
 * look for. What an earlier run left there is removed.
 */
export const layOut = ({ framework, include, library }: LibTensorflow, folder: string): void => {
  const deps = join(folder, "deps")
  rmSync(deps, { recursive: true, force: true })
  const lib = join(deps, "lib")
  mkdirSync(lib, { recursive: true })
  cpSync(include, join(deps, "include"), { recursive: true, dereference: true })
  for (const [file, linked] of [
    [library, "libtensorflow.so"],
    [framework, "libtensorflow_framework.so"],
  ] as const) {
    const name = soname(file)
    cpSync(file, join(lib, name))
    if (name !== linked) symlinkSync(name, join(lib, linked))
  }
}
