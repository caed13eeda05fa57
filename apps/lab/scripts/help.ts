/**
 * `node scripts/help.ts [FILE]`, part of `npm run build`: what explains the commands, in one file beside the compiled program. Three hundred modules
 * take longer to find than to run.
 *
 * A command that does something is loaded module by module: its handler shares them with the systems, and with modules of users.
 */
import { build, type Plugin } from "esbuild"
import { join } from "node:path"
import process from "node:process"

const folder = join(import.meta.dirname, "..")

/** Handlers, which are loaded when a command is called: no explanation calls one. */
const handlers: Plugin = {
  name: "handlers",
  setup: (bundler) => {
    bundler.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    )
  },
}

await build({
  stdin: {
    contents: [
      `export { run } from "./src/cli/Program.ts"`,
      `export { Systems } from "./src/evidence/Systems.ts"`,
    ].join("\n"),
    resolveDir: folder,
    loader: "ts",
  },
  outfile: process.argv[2] ?? join(folder, "dist/src/help.js"),
  bundle: true,
  minify: true,
  // the names of errors are part of what they say
  keepNames: true,
  format: "esm",
  platform: "node",
  target: "node20",
  conditions: ["source"],
  // what is no module of ours may ask for a builtin by `require`
  banner: {
    js: `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url)`,
  },
  plugins: [handlers],
  logLevel: "warning",
})
