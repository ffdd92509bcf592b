import { defineConfig } from 'vitest/config';
import { LAB } from './test/suites.js';

/** npm run test:lab: starts whole labs, one after the other. Needs a machine that is otherwise idle. */
export default defineConfig({
  test: {
    include: [...LAB],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
