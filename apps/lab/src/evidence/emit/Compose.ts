/** Containers of Docker Compose on one machine. */
import {
  type Emission,
  type Emitted,
  inContainer,
  mergeArguments,
  shardArguments,
  sweepFile,
} from "./Emission.ts"

/** Folder of the files in a container. */
const folder = "/sweep/"

const words = (all: ReadonlyArray<string>): string => JSON.stringify(all)

/** `user`: user and group whose files the stores become; by default those of the image. */
export const emit = (emission: Emission, image: string, user: string | undefined): Emitted => {
  const shards = Array.from({ length: emission.shards }, (_, k) => `${k + 1}`)
  const services = shards.map(
    (shard) => `  shard-${shard}:
    <<: *shard
    command: ${words([...inContainer, ...shardArguments(emission, shard, `${folder}${sweepFile}`, folder)])}`,
  )
  const ended = shards.map(
    (shard) => `      shard-${shard}: { condition: service_completed_successfully }`,
  )
  const merge = `exec ${[...inContainer, ...mergeArguments(folder)].join(" ")}`
  return {
    files: {
      "compose.yaml": `# Runs the shards of the sweep in sweep.json at once, and merges their stores into sweep.sqlite.
name: ${JSON.stringify(emission.name)}
x-shard: &shard
  image: ${JSON.stringify(image)}
${user === undefined ? "" : `  user: ${JSON.stringify(user)}\n`}  volumes: ["./:/sweep"]
services:
${services.join("\n")}
  merge:
    <<: *shard
    command: ${words(["/bin/sh", "-c", merge])}
    depends_on:
${ended.join("\n")}
`,
    },
    steps: ["docker compose up"],
  }
}
