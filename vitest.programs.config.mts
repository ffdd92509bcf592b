import { defineConfig } from 'vitest/config';
import { PROGRAMS } from './test/suites.js';

export default defineConfig({
  test: {
    include: PROGRAMS,
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 120_000,
  },
});
