/** A PostgreSQL server of a test file's own: on a free port, with its data in a folder that is gone afterwards. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import process from "node:process"

export const user = "lab"
export const password = "p4ss-w0rd:of/the@tests"

export interface Server {
  readonly port: number
  /** Without the password. */
  readonly url: (database: string) => string
  readonly stop: (mode: "fast" | "immediate") => Promise<void>
  readonly start: () => Promise<void>
  /** Ends it, and removes its folder. */
  readonly remove: () => Promise<void>
}

const programs = ["initdb", "postgres", "pg_ctl"]

/** Where the programs of PostgreSQL are: on the PATH, or where Debian puts them, the newest first. */
const binaries = (): string | undefined => {
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "initdb"))
    .filter((file) => existsSync(file))
    .map((file) => dirname(realpathSync(file)))
  const debian = "/usr/lib/postgresql"
  const versions = existsSync(debian) ? readdirSync(debian) : []
  const packaged = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, "bin"))
  return [...onPath, ...packaged].find((folder) =>
    programs.every((program) => existsSync(join(folder, program))),
  )
}

interface Identity {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root: then as a user that every system has. */
const identity = (): Identity | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
  const found = ["postgres", "nobody"].flatMap((name) => users.filter(([each]) => each === name))[0]
  return found === undefined ? undefined : { uid: Number(found[2]), gid: Number(found[3]) }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as { readonly port: number }
  server.close()
  await once(server, "close")
  return port
}

const ran = async (as: Identity | undefined, program: string, args: ReadonlyArray<string>) => {
  // a server that is started keeps what it inherits: no pipe that somebody would wait for
  const child = spawn(program, args, { stdio: "ignore", cwd: tmpdir(), ...as })
  const [code] = (await once(child, "exit")) as [number | null]
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}: exit code ${code}`)
}

/** A server, or why there is none. */
export const start = async (): Promise<Server | string> => {
  const bin = binaries()
  if (bin === undefined) return `there is no PostgreSQL: ${programs.join(", ")} were not found`
  const as = identity()
  const folder = mkdtempSync(join(tmpdir(), "nonconvex-postgres-"))
  const data = join(folder, "data")
  const secret = join(folder, "password")
  writeFileSync(secret, password)
  if (as !== undefined) {
    chownSync(folder, as.uid, as.gid)
    chmodSync(secret, 0o644)
  }
  const port = await freePort()
  const control = (...args: ReadonlyArray<string>) =>
    ran(as, join(bin, "pg_ctl"), ["-D", data, "-w", "-t", "60", "-l", join(folder, "log"), ...args])
  const settings = ["-p", port, "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
  const begin = () => control("-o", settings.join(" "), "start")
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const access = ["-U", user, "--auth=scram-sha-256", `--pwfile=${secret}`, "--no-sync"]
    await ran(as, join(bin, "initdb"), ["-D", data, ...access])
    await begin()
  } catch (error) {
    remove()
    return `PostgreSQL cannot run here: ${String(error)}`
  }
  return {
    port,
    url: (database) => `postgres://${user}@127.0.0.1:${port}/${database}`,
    start: begin,
    stop: (mode) => control("-m", mode, "stop"),
    remove: async () => {
      await control("-m", "immediate", "stop")
      remove()
    },
  }
}
