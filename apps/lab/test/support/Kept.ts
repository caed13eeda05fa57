/** Runs as a store keeps them, with what a test does not care about filled in. */
import { canonical, type RunKey } from "@nonconvex/runner/RunKey"
import type { KeptRun, Provenance } from "@nonconvex/store/Runs"
import { createHash } from "node:crypto"

export const provenance: Provenance = {
  commit: { hash: "0123456789abcdef0123456789abcdef01234567", dirty: false },
  host: "desk",
  cpu: "a processor",
  platform: "linux x64",
  node: "v24.0.0",
  packages: { "@nonconvex/lab": "0.1.0" },
}

/** A finished run of one part, under an id that is right. */
export const keptRun = (
  key: Partial<RunKey> & Pick<RunKey, "subject">,
  more: Partial<KeptRun> = {},
): KeptRun => {
  const whole: RunKey = {
    kind: "experiment",
    config: {},
    seed: 1,
    kernels: "strict",
    code: `c0de${"0".repeat(60)}`,
    ...key,
  }
  return {
    id: createHash("sha256")
      .update(canonical({ ...whole }))
      .digest("hex"),
    key: whole,
    parts: 1,
    kept: 1,
    status: "done",
    outcome: { _tag: "Shown", expectations: [], data: [] },
    seconds: 0.5,
    startedAt: "2026-11-27T08:00:00.000Z",
    endedAt: "2026-11-27T08:00:01.000Z",
    provenance,
    differences: 0,
    ...more,
  }
}
