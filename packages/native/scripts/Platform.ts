/** Packages of the platforms: each holds one module, and runs nothing when it is installed. */

/** The name of the module in its package. */
export const file = "nonconvex.node"

/** Fields of package.json that are taken from @nonconvex/native. */
export interface Manifest {
  readonly version: string
  readonly license: string
  readonly repository: object
  readonly publishConfig: object
}

/** Targets of rustc by name: the platform as Node names it, and on Linux the C library. */
export const targets = {
  "x86_64-unknown-linux-gnu": { os: "linux", cpu: "x64", libc: "glibc" },
  "aarch64-unknown-linux-gnu": { os: "linux", cpu: "arm64", libc: "glibc" },
  "aarch64-apple-darwin": { os: "darwin", cpu: "arm64" },
  "x86_64-apple-darwin": { os: "darwin", cpu: "x64" },
  "x86_64-pc-windows-msvc": { os: "win32", cpu: "x64" },
} as const

export interface Platform {
  readonly name: string
  readonly os: string
  readonly cpu: string
  readonly libc?: string
}

/** Platform of a rustc target; undefined if no release is built for it. */
export const of = (target: string): Platform | undefined =>
  Object.entries(targets)
    .filter(([name]) => name === target)
    .map(([, platform]) => ({ ...platform, name: `${platform.os}-${platform.cpu}` }))[0]

/** The package.json of a platform. */
export const manifestOf = (
  { cpu, libc, name, os }: Platform,
  { license, publishConfig, repository, version }: Manifest,
): string =>
  `${JSON.stringify(
    {
      name: `@nonconvex/native-${name}`,
      version,
      description: `The compiled module of @nonconvex/native for ${name}.`,
      license,
      repository,
      os: [os],
      cpu: [cpu],
      ...(libc === undefined ? {} : { libc: [libc] }),
      main: file,
      files: [file],
      publishConfig,
    },
    undefined,
    2,
  )}\n`

export const readmeOf = ({ name }: Platform): string =>
  `# @nonconvex/native-${name}\n\nThe compiled module of \`@nonconvex/native\` for ${name}, which finds it where both are installed.\n`
