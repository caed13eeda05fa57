import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    projects: ["{packages,apps,tools}/*/vitest.config.ts"],
    // the default leaves one for the runner, which is idle most of the time
    maxWorkers: "100%",
  },
})
