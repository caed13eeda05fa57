import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach } from "vitest"
import { Impossible } from "../src/Impossible.ts"
import * as Layout from "../src/Layout.ts"
import * as Origin from "../src/Origin.ts"

const made: Array<string> = []

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "tfjs-native-test-"))
  made.push(folder)
  return folder
}

/** A tree of files, each holding its own path. */
const tree = (files: ReadonlyArray<string>): string => {
  const folder = scratch()
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), file)
  }
  return folder
}

const headers = ["include/tensorflow/c/c_api.h", "include/tensorflow/c/eager/c_api.h"]

const cLibrary = (): string => {
  const folder = tree([
    ...headers,
    "lib/libtensorflow.so.2.9.1",
    "lib/libtensorflow_framework.so.2.9.1",
  ])
  for (const name of ["libtensorflow", "libtensorflow_framework"]) {
    symlinkSync(`${name}.so.2.9.1`, join(folder, `lib/${name}.so.2`))
    symlinkSync(`${name}.so.2`, join(folder, `lib/${name}.so`))
  }
  return folder
}

const wheel = (): string =>
  tree([
    ...headers.map((file) => `tensorflow/${file}`),
    "tensorflow/libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2",
    "tensorflow/python/_pywrap_tensorflow_internal.so",
  ])

const refusal = async (act: () => unknown): Promise<Impossible> => {
  try {
    await act()
  } catch (error) {
    assert.instanceOf(error, Impossible)
    return error
  }
  return assert.fail("nothing was thrown")
}

describe("Layout", () => {
  it("finds the C library behind its links", () => {
    const folder = cLibrary()
    assert.deepStrictEqual(Layout.locate(folder), {
      include: join(folder, "include"),
      library: join(folder, "lib/libtensorflow.so.2.9.1"),
      framework: join(folder, "lib/libtensorflow_framework.so.2.9.1"),
    })
  })

  it("finds the libraries of the Python package, and not its extension modules", () => {
    const folder = wheel()
    assert.deepStrictEqual(Layout.locate(folder), {
      include: join(folder, "tensorflow/include"),
      library: join(folder, "tensorflow/libtensorflow_cc.so.2"),
      framework: join(folder, "tensorflow/libtensorflow_framework.so.2"),
    })
  })

  it("lays out the names of the linker and of the loader, over what was there", () => {
    const target = tree(["deps/lib/stale.so"])
    Layout.layOut(Layout.locate(wheel()), target)
    assert.isFalse(existsSync(join(target, "deps/lib/stale.so")))
    assert.isTrue(existsSync(join(target, "deps/include/tensorflow/c/c_api.h")))
    assert.strictEqual(
      readlinkSync(join(target, "deps/lib/libtensorflow.so")),
      "libtensorflow_cc.so.2",
    )
    assert.strictEqual(
      readlinkSync(join(target, "deps/lib/libtensorflow_framework.so")),
      "libtensorflow_framework.so.2",
    )
    Layout.layOut(Layout.locate(cLibrary()), target)
    assert.strictEqual(
      readlinkSync(join(target, "deps/lib/libtensorflow.so")),
      "libtensorflow.so.2",
    )
    assert.isFalse(existsSync(join(target, "deps/lib/libtensorflow_cc.so.2")))
  })

  it("names what is missing", async () => {
    const { message } = await refusal(() => Layout.locate(tree(["lib/libtensorflow.so.2"])))
    assert.include(message, "no tensorflow/c/c_api.h, no libtensorflow_framework.so")
  })
})

describe("Origin", () => {
  it("takes a folder as it is", async () => {
    const folder = cLibrary()
    assert.strictEqual(await Origin.unpacked(folder, scratch()), folder)
  })

  it("unpacks a tarball", async () => {
    const tarball = join(scratch(), "libtensorflow.tar.gz")
    execFileSync("tar", ["-czf", tarball, "-C", cLibrary(), "."])
    const { framework } = Layout.locate(await Origin.unpacked(tarball, scratch()))
    assert.match(framework, /libtensorflow_framework\.so\.2\.9\.1$/)
  })

  it("refuses what is not there, what is damaged, and what is something else", async () => {
    const folder = tree(["broken.tar.gz", "notes.txt"])
    const messages = await Promise.all(
      ["nothing.whl", "broken.tar.gz", "notes.txt"].map(
        async (name) =>
          (await refusal(() => Origin.unpacked(join(folder, name), scratch()))).message,
      ),
    )
    assert.match(messages[0]!, /there is no/)
    assert.match(messages[1]!, /could not be unpacked/)
    assert.match(messages[2]!, /neither a folder nor a tarball nor a wheel/)
  })
})
