import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/library/**', 'test/long/**'],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    // aws-cdk-lib takes a second to load: files of one worker share it. Tests keep no state in modules.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
