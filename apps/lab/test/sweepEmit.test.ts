/** `sweep --emit`: files for Slurm, Kubernetes and Docker Compose, checked by the programs and schemas that will read them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parse, parseAllDocuments } from "yaml"
import * as Compose from "../src/evidence/emit/Compose.ts"
import { type Emission, quoted } from "../src/evidence/emit/Emission.ts"
import * as Kubernetes from "../src/evidence/emit/Kubernetes.ts"
import * as Slurm from "../src/evidence/emit/Slurm.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { at, faults, objectsIn } from "./support/KubernetesObjects.ts"
import { both } from "./support/Toys.ts"

const words = (text: string): ReadonlyArray<string> => text.split(" ")

const sweep = words("sweep dice --preset smoke --grid radius=0,0.5 --seeds 1..4 --quiet")

/** Texts that mean something to a shell, to YAML or to Kubernetes. */
const hostile = [
  'it\'s "quoted" $HOME $(date) `date` \\ * # !',
  "- : {a} [b] &c *d | > %",
  "two\nlines\tand a tab",
  "ünïcode 日本 \u2028 \u0085 \u007f",
  "$$(JOB_COMPLETION_INDEX)",
]

const bash = (...args: ReadonlyArray<string>) => spawnSync("bash", args, { encoding: "utf8" })

const emission: Emission = {
  name: "dice-0123456789ab",
  sweep: '{\n  "experiment": "toy/dice"\n}\n',
  shards: 3,
  threads: 2,
  flags: ["--limit", "100000"],
}

interface Service {
  readonly image: string
  readonly volumes: ReadonlyArray<string>
  readonly user: string
  readonly command: ReadonlyArray<string>
  readonly depends_on: Readonly<Record<string, unknown>>
}

describe("sweep --emit", () => {
  it.live("slurm writes an array job, with the program as it runs here", () =>
    Effect.gen(function* () {
      const out = join(temporary(), "it's here")
      const args = [...sweep, "--shards", "3", "--jobs", "2", "--emit", "slurm", "--out", out]
      const { code, stderr, stdout } = yield* nonconvex(both, args)
      assert.strictEqual(code, 0, stderr)
      assert.match(stdout, /^8 trials in 3 shards: merge\.sbatch, sweep\.json, sweep\.sbatch in /)
      assert.match(
        stdout,
        /^ {2}sbatch --dependency=afterok:\$\(sbatch --parsable sweep\.sbatch\) merge\.sbatch$/m,
      )
      assert.deepStrictEqual(readdirSync(out), ["merge.sbatch", "sweep.json", "sweep.sbatch"])
      for (const name of ["sweep.sbatch", "merge.sbatch"]) {
        assert.strictEqual(bash("-n", join(out, name)).stderr, "")
      }
      const script = readFileSync(join(out, "sweep.sbatch"), "utf8")
      assert.match(script, /^#!\/bin\/bash\n#SBATCH --job-name=dice-[0-9a-f]{12}\n/)
      assert.match(script, /^#SBATCH --array=1-3\n#SBATCH --cpus-per-task=2$/m)
      assert.include(script, `exec ${quoted(process.execPath)} `)
      const { trials } = JSON.parse(
        (yield* nonconvex(both, [
          "sweep",
          "--file",
          join(out, "sweep.json"),
          ...words("--shards 3 --shard 2 --dry-run --json"),
        ])).stdout,
      ) as { readonly trials: ReadonlyArray<unknown> }
      assert.strictEqual(trials.length, 3)
    }),
  )

  it("slurm quotes each word of the program and each flag", () => {
    const folder = temporary()
    const program = ["bash", "-c", 'printf "%s\\0" "$@"', ...hostile]
    const { files } = Slurm.emit({ ...emission, flags: ["--data", hostile[0]!] }, program)
    const ended = spawnSync("bash", ["-s"], {
      cwd: folder,
      input: files["sweep.sbatch"]!,
      encoding: "utf8",
      env: { ...process.env, SLURM_ARRAY_TASK_ID: "2", SLURM_CPUS_PER_TASK: "7" },
    })
    assert.strictEqual(ended.stderr, "")
    assert.deepStrictEqual(ended.stdout.split("\0"), [
      // the word after -c and its text is the name of the shell
      ...hostile.slice(1),
      ...words("sweep --file sweep.json --shards 3 --shard 2 --jobs 7 --store shard-2.sqlite"),
      "--data",
      hostile[0]!,
      "",
    ])
  })

  it.skipIf(spawnSync("sinfo").status !== 0)("slurm is accepted by sbatch", () => {
    const { files } = Slurm.emit(emission, ["true"])
    for (const input of Object.values(files)) {
      const { stderr } = spawnSync("sbatch", ["--test-only"], { input, encoding: "utf8" })
      assert.match(stderr, /^sbatch: Job \d+ to start at /m)
    }
  })

  it.live("kubernetes writes an Indexed Job, valid by the schemas of its API", () =>
    Effect.gen(function* () {
      const out = temporary()
      const image = "registry.example.org:5000/lab/nonconvex:1@sha256:0a"
      const { code, stderr, stdout } = yield* nonconvex(both, [
        ...sweep,
        ...words(`--shards 4 --jobs 2 --emit kubernetes --image ${image} --out ${out}`),
      ])
      assert.strictEqual(code, 0, stderr)
      const [map, claim, job] = objectsIn(readFileSync(join(out, "job.yaml"), "utf8"))
      const [merge] = objectsIn(readFileSync(join(out, "merge.yaml"), "utf8"))
      const name = String(at(map, "metadata name"))
      assert.match(name, /^dice-[0-9a-f]{12}$/)
      assert.strictEqual(at(map, "data sweep.json"), readFileSync(join(out, "sweep.json"), "utf8"))
      assert.strictEqual(at(claim, "metadata name"), name)
      assert.strictEqual(at(job, "spec completions"), 4)
      const container = at(job, "spec template spec containers 0")
      assert.strictEqual(at(container, "image"), image)
      assert.strictEqual(at(container, "resources requests cpu"), "2")
      // as Kubernetes reads it, and then a shell
      const line = String(at(container, "args 0"))
      const said = spawnSync("sh", ["-c", line.replaceAll("$$", "$").replace("exec ", "echo ")], {
        encoding: "utf8",
        env: { ...process.env, JOB_COMPLETION_INDEX: "0" },
      })
      assert.strictEqual(
        said.stdout,
        "node --conditions=source /nonconvex/apps/lab/src/main.ts sweep --file /sweep/sweep.json --shards 4 --shard 1 --jobs 2 --store /runs/shard-1.sqlite --limit 100000\n",
      )
      assert.match(
        String(at(merge, "spec template spec containers 0 args 0")),
        /^exec .* import \/runs\/shard-\*\.sqlite --store \/runs\/sweep\.sqlite$/,
      )
      assert.include(stdout, `kubectl wait --for=condition=complete --timeout=-1s job/${name}`)
    }),
  )

  it("kubernetes has no field that its API does not know, and no value that it refuses", () => {
    const { files } = Kubernetes.emit(emission, "nonconvex")
    const faultsWith = (from: string, to: string) =>
      parseAllDocuments(files["job.yaml"]!.replace(from, to)).flatMap((document) =>
        faults(document.toJS() as Record<string, unknown>),
      )
    assert.deepStrictEqual(faultsWith("", ""), [])
    assert.deepStrictEqual(faultsWith("completionMode", "completeMode"), [
      "Job.spec.completeMode is unknown",
    ])
    assert.deepStrictEqual(faultsWith("restartPolicy: Never", "restartPolicy: Sometimes"), [
      "Job/spec/template/spec/restartPolicy: enum",
    ])
    assert.deepStrictEqual(faultsWith("mountPath: /runs", "mount: /runs"), [
      "Job/spec/template/spec/containers/0/volumeMounts/0: required",
      "Job.spec.template.spec.containers.0.volumeMounts.0.mount is unknown",
    ])
  })

  it.live("compose writes a service for each shard, and one that merges them", () =>
    Effect.gen(function* () {
      const out = temporary()
      const args = [...sweep, "--shards", "3", "--jobs", "1", "--emit", "compose", "--out", out]
      const { code, stderr } = yield* nonconvex(both, args)
      assert.strictEqual(code, 0, stderr)
      const { name, services } = parse(readFileSync(join(out, "compose.yaml"), "utf8"), {
        merge: true,
      }) as { readonly name: string; readonly services: Readonly<Record<string, Service>> }
      assert.match(name, /^dice-[0-9a-f]{12}$/)
      assert.deepStrictEqual(Object.keys(services), ["shard-1", "shard-2", "shard-3", "merge"])
      for (const service of Object.values(services)) {
        assert.strictEqual(service.image, "nonconvex")
        assert.deepStrictEqual(service.volumes, ["./:/sweep"])
        assert.strictEqual(service.user, `${process.getuid?.()}:${process.getgid?.()}`)
      }
      assert.deepStrictEqual(
        services["shard-3"]!.command,
        words(
          "node --conditions=source /nonconvex/apps/lab/src/main.ts sweep --file /sweep/sweep.json --shards 3 --shard 3 --jobs 1 --store /sweep/shard-3.sqlite --limit 100000",
        ),
      )
      assert.deepStrictEqual(services["merge"]!.depends_on, {
        "shard-1": { condition: "service_completed_successfully" },
        "shard-2": { condition: "service_completed_successfully" },
        "shard-3": { condition: "service_completed_successfully" },
      })
    }),
  )

  it("keeps any value of a setting as it is", () => {
    const written = JSON.stringify({ set: { method: hostile } }, null, 2)
    const ascii = written.replaceAll(
      /[^\n -~]/g,
      (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    const { files } = Kubernetes.emit({ ...emission, sweep: `${ascii}\n` }, "nonconvex")
    const [map] = objectsIn(files["job.yaml"]!)
    assert.deepStrictEqual(JSON.parse(String(at(map, "data sweep.json"))), {
      set: { method: hostile },
    })
    parse(Compose.emit(emission, "nonconvex", undefined).files["compose.yaml"]!, { merge: true })
  })

  const halving = "--sampler halving --resource rolls --metric last(mean)".split(" ")
  const slurm = ["--emit", "slurm", "--out", "out"]
  const kubernetes = ["--emit", "kubernetes", "--shards", "2", "--out", "out"]
  // 50 000 trials of 25 bytes each
  const long = `radius=${Array.from({ length: 50_000 }, (_, k) => 1 / (k + 3)).join(",")}`
  const wrong: ReadonlyArray<readonly [expected: RegExp, args: ReadonlyArray<string>]> = [
    [/--emit needs --shards: the number of jobs$/, slurm],
    [/--emit needs --out: the folder for its files$/, ["--emit", "slurm", "--shards", "2"]],
    [/it has 8 trials, too few for 9 shards/, [...slurm, "--shards", "9"]],
    [/halving chooses trials by the results of others/, [...slurm, "--shards", "2", ...halving]],
    [/--json allows no --emit, which runs nothing here$/, [...slurm, "--shards", "2", "--json"]],
    [/--store allows no --emit/, [...slurm, "--shards", "2", "--store", "a.sqlite"]],
    [/--out needs --emit slurm, kubernetes or compose$/, ["--out", "out"]],
    [
      /--image needs --emit kubernetes or --emit compose$/,
      [...slurm, "--shards", "2", "--image", "a"],
    ],
    [/--emit kubernetes needs --image: an address such as /, kubernetes],
    [/--image needs an address such as /, [...kubernetes, "--image", "two words"]],
    [/--data needs --emit slurm: /, [...kubernetes, "--image", "a", "--data", "/data"]],
    [
      /exceed the limit of a ConfigMap/,
      [...kubernetes, "--image", "a", "--grid", long, "--seeds", "1"],
    ],
  ]

  it.live.each(wrong)("is refused, %#: %s", ([expected, args]) =>
    Effect.gen(function* () {
      const base = args.includes(long) ? sweep.slice(0, 4) : sweep
      const { code, stderr, stdout } = yield* nonconvex(both, [...base, ...args])
      assert.match(stderr, expected)
      assert.strictEqual(code, 1)
      assert.strictEqual(stdout, "")
      assert.isFalse(existsSync("out"))
    }),
  )
})
