import { defineConfig } from 'vitest/config';

/** Properties over many fleets, and runs of the built programs: minutes, not seconds. Needs a build. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 3_600_000,
  },
});
