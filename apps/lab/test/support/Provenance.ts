/** Where results and studies that nobody computed say that they are from. */
import type { Results } from "../../src/evidence/report/Results.ts"

/** Of a reproduction. */
export const ofResults: Results["provenance"] = {
  preset: "smoke",
  runs: 20,
  seed: 1,
  jobs: 1,
  startedAt: "2026-01-01T00:00:00.000Z",
  seconds: 1,
  node: "v24",
  platform: "linux",
  cpu: "none",
  cores: 1,
  packages: {},
}

/** What a stored study says of its registration, and of the machine that ran it. */
export const ofStudy = {
  base: {},
  registration: { commit: "0".repeat(40), time: "2026-01-01T00:00:00Z", digest: "1".repeat(64) },
  trials: 2,
  kernels: "strict",
  data: [],
  node: "v24.0.0",
  platform: "linux x64",
  cpu: "none",
  startedAt: "2026-01-02T00:00:00Z",
  seconds: 1,
} as const
