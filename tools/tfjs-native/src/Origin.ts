/** Where a libtensorflow comes from: a folder, a tarball, a wheel, or pip. */
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs"
import { basename, join } from "node:path"
import * as Command from "./Command.ts"
import { Impossible } from "./Impossible.ts"

/** The release of the Python package whose headers and libraries are known to build tfjs-node 4.22. */
export const wheelVersion = "2.15.1"

/** Unpacks a wheel, which is a zip file: by Python where there is one, else by unzip. */
const unzip = async (file: string, into: string): Promise<void> => {
  const python = await Command.run("python3", ["-m", "zipfile", "-e", file, into])
  if (python.code === 0) return
  const { code, output } = await Command.run("unzip", ["-q", "-o", file, "-d", into])
  if (code !== 0) {
    throw new Impossible(
      `${file} could not be unpacked: ${Command.tail(output)}`,
      "Install python3 or unzip, or unpack the wheel yourself and give the folder.",
    )
  }
}

/** Tells pip to fetch the wheel for this processor, whatever Python runs it. */
const platform = (): string => {
  const machine = { x64: "x86_64", arm64: "aarch64" }[process.arch as string]
  if (process.platform !== "linux" || machine === undefined) {
    throw new Impossible(
      `there is no wheel of tensorflow-cpu for ${process.platform} on ${process.arch} that has the C API`,
      "Build or find a libtensorflow for this machine and give its folder with --libtensorflow.",
    )
  }
  return `manylinux_2_17_${machine}`
}

/** Fetches the wheel with pip into `into` and returns its path. Throws Impossible without python3, pip or the network. */
export const fetchWheel = async (version: string, into: string): Promise<string> => {
  mkdirSync(into, { recursive: true })
  const found = () => readdirSync(into).find((file) => file.endsWith(".whl"))
  // the libraries inside are the same for every Python: any version that the release was built for will do
  const anyPython = ["--python-version", "3.11", "--implementation", "cp"]
  const quiet = ["--quiet", "--disable-pip-version-check"]
  const args = ["--only-binary=:all:", "--no-deps", "--platform", platform(), "--dest", into]
  const { code, output } = await Command.run(
    "python3",
    ["-m", "pip", "download", ...quiet, ...args, ...anyPython].concat(`tensorflow-cpu==${version}`),
  )
  const wheel = found()
  if (code !== 0 || wheel === undefined) {
    throw new Impossible(
      `pip could not fetch tensorflow-cpu ${version}: ${Command.tail(output, 2)}`,
      "Fetch the wheel, or the C library, on another machine and give it with --libtensorflow.",
    )
  }
  return join(into, wheel)
}

/**
 * The folder in which `path` is, or has been, unpacked: `path` itself where it is a folder, else a new one in `scratch`. Throws
 * Impossible on a path that is not there and on a file that is neither a tarball nor a wheel.
 */
export const unpacked = async (path: string, scratch: string): Promise<string> => {
  if (!existsSync(path)) {
    throw new Impossible(`there is no ${path}`, "Give a folder, a .tar.gz or a .whl that exists.")
  }
  if (statSync(path).isDirectory()) return path
  const into = join(scratch, "libtensorflow")
  mkdirSync(into, { recursive: true })
  if (path.endsWith(".whl")) {
    await unzip(path, into)
    return into
  }
  if (!/\.(?:tar\.gz|tgz|tar)$/.test(path)) {
    throw new Impossible(
      `${basename(path)} is neither a folder nor a tarball nor a wheel`,
      "Give a folder, a .tar.gz or a .whl.",
    )
  }
  const { code, output } = await Command.run("tar", ["-xf", path, "-C", into])
  if (code !== 0) {
    throw new Impossible(
      `${path} could not be unpacked: ${Command.tail(output)}`,
      "Fetch it again: it is damaged or no tarball.",
    )
  }
  return into
}
