// Loaded into the host before anything else: measures how long its event loop is held up, and tells the parent on
// request. Talks over a file named by the environment, as the host has no channel for such things.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 1;
const file = process.env['LAPIDARY_BENCH_PROBE'];

// The engine inherits the environment but not the arguments of Node; workers load this too and are of no interest.
if (file && !process.send) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  // The histogram wakes the process a thousand times a second: it runs between two signals only.
  let measuring = false;
  process.on('SIGUSR2', () => {
    const p999Ms = delay.percentile(99.9) / 1e6 - RESOLUTION_MS;
    const maxMs = delay.max / 1e6 - RESOLUTION_MS;
    writeFileSync(file, JSON.stringify({ p999Ms, maxMs, rssBytes: process.memoryUsage.rss() }));
    delay.reset();
    measuring = !measuring;
    if (measuring) delay.enable();
    else delay.disable();
  });
}
