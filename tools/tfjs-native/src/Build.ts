/** Compiling the binding with node-gyp and the compiler on the machine. */
import { existsSync, realpathSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Command from "./Command.ts"
import { Impossible } from "./Impossible.ts"

/** The node-gyp that every npm carries: that of the npm that runs this, which need not belong to the Node that does. */
const nodeGyp = async (): Promise<string> => {
  const { output } = await Command.run("npm", ["root", "--global"])
  const running = process.env["npm_config_node_gyp"]
  const candidates = [
    ...(running === undefined ? [] : [running]),
    join(output, "npm/node_modules/node-gyp/bin/node-gyp.js"),
    join(
      dirname(realpathSync(process.execPath)),
      "../lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js",
    ),
    join(import.meta.dirname, "../../../node_modules/node-gyp/bin/node-gyp.js"),
  ]
  const found = candidates.find((path) => existsSync(path))
  if (found === undefined) {
    throw new Impossible("no node-gyp was found", "Install it with npm install --global node-gyp.")
  }
  return found
}

/** The installation that has Node's own headers; without one node-gyp downloads them. */
const headers = (): ReadonlyArray<string> => {
  const prefix = join(dirname(realpathSync(process.execPath)), "..")
  return existsSync(join(prefix, "include/node/node_api.h")) ? [`--nodedir=${prefix}`] : []
}

/** The version of Node-API that the binding is built for, and the folder in which tfjs-node looks for it. */
const nodeApi = 8

/** Builds `lib/napi-v8/tfjs_binding.node` in `folder`. Throws Impossible without a compiler, Error with the log where it fails. */
export const build = async (folder: string): Promise<string> => {
  for (const tool of ["make", "g++", "python3"]) {
    const { code } = await Command.run(tool, ["--version"])
    if (code !== 0) {
      throw new Impossible(
        `no ${tool} was found`,
        "Install a C++ compiler, make and python3 (build-essential on Debian), which node-gyp needs.",
      )
    }
  }
  const settings = [
    "--module_name=tfjs_binding",
    `--module_path=${join(folder, "lib", `napi-v${nodeApi}`)}`,
    `--napi_build_version=${nodeApi}`,
  ]
  const { code, output } = await Command.run(
    process.execPath,
    [await nodeGyp(), "rebuild", ...headers(), ...settings],
    { cwd: folder },
  )
  const binding = join(folder, "lib", `napi-v${nodeApi}`, "tfjs_binding.node")
  if (code !== 0 || !existsSync(binding)) {
    throw new Error(`node-gyp failed:\n${Command.tail(output, 30)}`)
  }
  return binding
}
