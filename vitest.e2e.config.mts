import { defineConfig } from 'vitest/config';

/** Run by scripts/e2e.mjs, which starts the emulator. The tests of a file build on each other, in their order. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    bail: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
