/** An array job of Slurm. */
import {
  type Emission,
  type Emitted,
  mergeArguments,
  quoted,
  shardArguments,
  sweepFile,
} from "./Emission.ts"

const heading = (name: string, options: ReadonlyArray<string>): string =>
  ["#!/bin/bash", `#SBATCH --job-name=${name}`, ...options.map((each) => `#SBATCH ${each}`)].join(
    "\n",
  )

// Slurm runs a copy of the script from a folder of its own
const start = `set -eu
cd "\${SLURM_SUBMIT_DIR:-.}"`

/** `program`: the words that start the command line on every node. */
export const emit = (emission: Emission, program: ReadonlyArray<string>): Emitted => {
  const { name, shards, threads } = emission
  const called = program.map(quoted).join(" ")
  const shard = shardArguments(
    {
      shards,
      flags: emission.flags.map(quoted),
      threads: `"\${SLURM_CPUS_PER_TASK:-${threads}}"`,
    },
    '"$SLURM_ARRAY_TASK_ID"',
    sweepFile,
    "",
  )
  return {
    files: {
      "sweep.sbatch": `${heading(name, [`--array=1-${shards}`, `--cpus-per-task=${threads}`, "--output=shard-%a.log", "--open-mode=append", "--requeue"])}

# A shard of the sweep in sweep.json for each task. A task that is submitted again computes only its missing trials.
${start}
exec ${called} ${shard.join(" ")}
`,
      "merge.sbatch": `${heading(`${name}-merge`, ["--output=merge.log"])}

# Merges the stores of all shards, and compares bit for bit the trials that two of them have.
${start}
exec ${called} ${mergeArguments("").join(" ")}
`,
    },
    steps: ["sbatch --dependency=afterok:$(sbatch --parsable sweep.sbatch) merge.sbatch"],
  }
}
