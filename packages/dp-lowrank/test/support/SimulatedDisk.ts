/**
 * A disk in memory with everything that a disk may do: what was not synced may be lost or torn when the power goes, a sync that failed
 * forgets what it was to write, and every call waits for its turn and may fail in any of several ways.
 */
import { Effect, FileSystem, Layer, Path, PlatformError } from "effect"

/** What becomes of a call: it is made, made in part, or not at all; `lost` is made, and its answer is an error. */
export type Outcome = "made" | "EIO" | "ENOSPC" | "short" | "lost" | "never" | "never-half"

interface File {
  readonly kind: "file"
  cached: Uint8Array
  durable: Uint8Array
  /** Which bytes of `cached` a sync would write. */
  dirty: Uint8Array
}

interface Folder {
  readonly kind: "folder"
  cached: Map<string, Node>
  durable: Map<string, Node>
}

type Node = File | Folder

const folder = (): Folder => ({ kind: "folder", cached: new Map(), durable: new Map() })

const resized = (bytes: Uint8Array, length: number): Uint8Array => {
  const copy = new Uint8Array(length)
  copy.set(bytes.subarray(0, length))
  return copy
}

class Refused extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

const tags: Readonly<Record<string, PlatformError.SystemErrorTag>> = {
  ENOENT: "NotFound",
  EEXIST: "AlreadyExists",
}

const failed = (method: string, pathOrDescriptor: string, cause: Refused) =>
  PlatformError.systemError({
    _tag: tags[cause.code] ?? "Unknown",
    module: "FileSystem",
    method,
    pathOrDescriptor,
    cause,
  })

/** Waits for its turn, and is told what becomes of the call. */
export type Turn = (method: string, path: string) => Promise<Outcome>

export class SimulatedDisk {
  readonly root = folder()
  /** Calls of every method so far. */
  readonly calls = new Map<string, number>()

  #node(path: string): Node | undefined {
    let node: Node | undefined = this.root
    for (const part of path.split("/").filter((name) => name !== "")) {
      node = node?.kind === "folder" ? node.cached.get(part) : undefined
    }
    return node
  }

  #parent(path: string): readonly [Folder, string] {
    const at = path.lastIndexOf("/")
    const node = this.#node(path.slice(0, at))
    if (node?.kind !== "folder") throw new Refused("ENOENT")
    return [node, path.slice(at + 1)]
  }

  #file(path: string): File {
    const node = this.#node(path)
    if (node?.kind !== "file") throw new Refused(node === undefined ? "ENOENT" : "EISDIR")
    return node
  }

  #open(path: string, flag: string): Node {
    const node = this.#node(path)
    if (flag !== "wx") {
      if (node === undefined) throw new Refused("ENOENT")
      return node
    }
    if (node !== undefined) throw new Refused("EEXIST")
    const [parent, name] = this.#parent(path)
    const none = () => new Uint8Array(0)
    const made: File = { kind: "file", cached: none(), durable: none(), dirty: none() }
    parent.cached.set(name, made)
    return made
  }

  static #write(file: File, bytes: Uint8Array): void {
    const length = Math.max(file.cached.length, bytes.length)
    file.cached = resized(file.cached, length)
    file.cached.set(bytes)
    file.dirty = resized(file.dirty, length)
    file.dirty.fill(1, 0, bytes.length)
  }

  static #sync(node: Node): void {
    if (node.kind === "folder") node.durable = new Map(node.cached)
    else {
      node.durable = resized(node.durable, node.cached.length)
      node.dirty.forEach((isDirty, i) => {
        if (isDirty === 1) node.durable[i] = node.cached[i]!
      })
      node.dirty.fill(0)
    }
  }

  #rename(from: string, to: string): void {
    const node = this.#node(from)
    if (node === undefined) throw new Refused("ENOENT")
    const there = this.#node(to)
    if (node.kind === "folder" && there?.kind === "folder" && there.cached.size > 0) {
      throw new Refused("ENOTEMPTY")
    }
    if (there !== undefined && there.kind !== node.kind) throw new Refused("ENOTDIR")
    const [target, name] = this.#parent(to)
    const [source, old] = this.#parent(from)
    target.cached.set(name, node)
    source.cached.delete(old)
  }

  #makeFolder(path: string): void {
    if (this.#node(path) !== undefined) throw new Refused("EEXIST")
    const [parent, name] = this.#parent(path)
    parent.cached.set(name, folder())
  }

  #remove(path: string): void {
    const [parent, name] = this.#parent(path)
    parent.cached.delete(name)
  }

  /** The power goes: of everything that was not synced, `chance` says whether it has reached the disk, or how much of it. */
  losePower(chance: () => number): void {
    const settle = (node: Node): void => {
      if (node.kind === "file") {
        const { cached, dirty, durable } = node
        // of what was written since, a part from the front, and whether the rest of its length is there as zeros
        const arrived = chance() * 1.5 * cached.length
        const length =
          chance() < 0.5 ? cached.length : Math.max(durable.length, Math.floor(arrived))
        const kept = resized(durable, Math.min(cached.length, length))
        kept.forEach((_, i) => {
          if (dirty[i] === 1 && i < arrived) kept[i] = cached[i]!
        })
        node.cached = kept
        node.durable = kept.slice()
        node.dirty = new Uint8Array(kept.length)
        return
      }
      for (const name of new Set([...node.cached.keys(), ...node.durable.keys()])) {
        const [now, before] = [node.cached.get(name), node.durable.get(name)]
        const kept = now === before || chance() < 0.5 ? now : before
        if (kept === undefined) node.cached.delete(name)
        else {
          node.cached.set(name, kept)
          settle(kept)
        }
      }
      node.durable = new Map(node.cached)
    }
    settle(this.root)
  }

  /** The file system of one process, each of whose calls waits for its turn. */
  filesOf(turn: Turn): Layer.Layer<FileSystem.FileSystem | Path.Path> {
    const call = <A>(method: string, path: string, make: () => A, half: () => void = () => {}) =>
      Effect.tryPromise({
        try: async () => {
          this.calls.set(method, (this.calls.get(method) ?? 0) + 1)
          const outcome = await turn(method, path)
          if (outcome === "short" || outcome === "never-half") half()
          if (outcome.startsWith("never")) return await new Promise<A>(() => {})
          if (outcome === "short") throw new Refused("ENOSPC")
          if (outcome === "EIO" || outcome === "ENOSPC") throw new Refused(outcome)
          const made = make()
          if (outcome === "lost") throw new Refused("EIO")
          return made
        },
        catch: (cause) => {
          if (!(cause instanceof Refused)) throw cause
          return failed(method, path, cause)
        },
      })
    const handle = (path: string, node: Node): FileSystem.File =>
      ({
        writeAll: (bytes: Uint8Array) =>
          call(
            "write",
            path,
            () => SimulatedDisk.#write(node as File, bytes),
            () => SimulatedDisk.#write(node as File, bytes.subarray(0, bytes.length >> 1)),
          ),
        sync: Effect.tapError(
          call("sync", path, () => SimulatedDisk.#sync(node)),
          // the kernel takes what it could not write for written
          () => Effect.sync(() => (node.kind === "file" ? node.dirty.fill(0) : undefined)),
        ),
      }) as unknown as FileSystem.File
    const files = {
      open: (path: string, { flag = "r" } = {}) =>
        Effect.map(
          call("open", path, () => this.#open(path, flag)),
          (node) => handle(path, node),
        ),
      readFile: (path: string) => call("read", path, () => this.#file(path).cached.slice()),
      readFileString: (path: string) =>
        call("read", path, () => new TextDecoder().decode(this.#file(path).cached)),
      readDirectory: (path: string) =>
        call("list", path, () => {
          const node = this.#node(path)
          if (node?.kind !== "folder") throw new Refused("ENOENT")
          return [...node.cached.keys()]
        }),
      makeDirectory: (path: string) => call("mkdir", path, () => this.#makeFolder(path)),
      rename: (from: string, to: string) => call("rename", to, () => this.#rename(from, to)),
      remove: (path: string) => call("remove", path, () => this.#remove(path)),
      realPath: (path: string) => Effect.succeed(path),
    }
    return Layer.merge(FileSystem.layerNoop(files as never), Path.layer)
  }

  /** Makes a folder, as if it had always been there. */
  make(path: string): void {
    this.#makeFolder(path)
    SimulatedDisk.#sync(this.root)
  }
}
