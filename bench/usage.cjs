// Loaded before the program that is measured: what the process used, written when it ends. Peak memory is of this process alone.
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const used = { peakMiB: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
  require('node:fs').writeFileSync(process.env.BENCH_USAGE, JSON.stringify(used));
});
