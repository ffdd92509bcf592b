import { defineConfig } from 'vitest/config';
import { LAB, PROGRAMS } from './test/suites.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/library/**', 'test/long/**', ...PROGRAMS, ...LAB],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    // aws-cdk-lib takes a second to load: files of one worker share it. Tests keep no state in modules.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
