import { vi } from "vitest"

/** Starting processes and threads takes seconds where the machine is busy: a test may wait longer than vitest's five. */
export const bePatient = () => vi.setConfig({ testTimeout: 60_000 })
