/** An Indexed Job of Kubernetes. */
import {
  type Emission,
  type Emitted,
  inContainer,
  mergeArguments,
  shardArguments,
} from "./Emission.ts"

const indented = (text: string, by: number): string =>
  text.trimEnd().replaceAll(/^/gm, " ".repeat(by))

/** Folder of the stores in a container. */
const folder = "/runs/"

/** A pod that runs a line of shell with the stores of all shards. */
const pod = ({ name, threads }: Emission, image: string, line: string) => `template:
  spec:
    restartPolicy: Never
    securityContext:
      runAsNonRoot: true
      runAsUser: 1000
      fsGroup: 1000
    containers:
      - name: nonconvex
        image: ${JSON.stringify(image)}
        command: ["/bin/sh", "-c"]
        args:
          - >-
${indented(line, 12)}
        resources:
          requests:
            cpu: ${JSON.stringify(String(threads))}
        volumeMounts:
          - name: runs
            mountPath: /runs
          - name: sweep
            mountPath: /sweep
            readOnly: true
    volumes:
      - name: runs
        persistentVolumeClaim:
          claimName: ${JSON.stringify(name)}
      - name: sweep
        configMap:
          name: ${JSON.stringify(name)}`

const command = (args: ReadonlyArray<string>): string =>
  `exec ${[...inContainer, ...args].join(" ")}`

/** The files of a cluster that pulls this image. */
export const emit = (emission: Emission, image: string): Emitted => {
  const { name, shards, sweep } = emission
  const quotedName = JSON.stringify(name)
  // Kubernetes reads $$ as $, and the shell computes the number of the shard, which counts from 1
  const shard = shardArguments(
    emission,
    "$$((JOB_COMPLETION_INDEX+1))",
    "/sweep/sweep.json",
    folder,
  )
  return {
    files: {
      "job.yaml": `# A shard of the sweep for each index. A pod that starts again computes only its missing trials.
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${quotedName}
data:
  sweep.json: |
${indented(sweep, 4)}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${quotedName}
spec:
  accessModes: [ReadWriteMany]
  resources:
    requests:
      storage: 1Gi
---
apiVersion: batch/v1
kind: Job
metadata:
  name: ${quotedName}
spec:
  completionMode: Indexed
  completions: ${shards}
  parallelism: ${shards}
  backoffLimitPerIndex: 3
  podFailurePolicy:
    rules:
      # a pod that its node loses is not the fault of its shard
      - action: Ignore
        onPodConditions:
          - type: DisruptionTarget
            status: "True"
      # wrong input, or a trial that fails, is the same in every attempt
      - action: FailIndex
        onExitCodes:
          containerName: nonconvex
          operator: In
          values: [1, 3]
${indented(pod(emission, image, command(shard)), 2)}
`,
      "merge.yaml": `# Merges the stores of all shards, and compares bit for bit the trials that two of them have.
apiVersion: batch/v1
kind: Job
metadata:
  name: ${JSON.stringify(`${name}-merge`)}
spec:
  backoffLimit: 0
${indented(pod(emission, image, command(mergeArguments(folder))), 2)}
`,
    },
    steps: [
      "kubectl apply -f job.yaml",
      `kubectl wait --for=condition=complete --timeout=-1s job/${name}`,
      "kubectl apply -f merge.yaml",
    ],
  }
}
