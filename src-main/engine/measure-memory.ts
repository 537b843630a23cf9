// How fast this machine reads its main memory: a model's weights are read once per token, so this decides how fast
// words come. Threads compare equal halves of a buffer larger than the caches: that is memcmp, which reads two streams
// with the widest instructions there are and does nothing else (half as much again as searching for a byte reads).
import { Worker } from 'node:worker_threads';
import { freemem } from 'node:os';
import { physicalCores } from '../lib/physical-cores.ts';

const BUFFER_BYTES = 256 * 1024 ** 2;
/** One core can't ask for all that memory can give; beyond some eight there is little more to get. */
const MOST_THREADS = 8;
const READ_MS = 60;

/**
 * Fills its part (untouched pages would all be one page of zeros), waits for the others, reads for a while. The time
 * counted is that in which the thread ran: others on its core say nothing about the memory. Windows counts a thread's
 * time in steps of 16 ms, which is too coarse.
 */
const READER = `
const { workerData, parentPort } = require('node:worker_threads');
const { memory, signals, offset, size, threads, readMs } = workerData;
const part = Buffer.from(memory, offset, size);
part.fill(1);
const left = part.subarray(0, size / 2);
const right = part.subarray(size / 2);
const flags = new Int32Array(signals);
if (Atomics.add(flags, 0, 1) + 1 === threads) Atomics.notify(flags, 0);
for (let seen; (seen = Atomics.load(flags, 0)) < threads;) Atomics.wait(flags, 0, seen, 100);
const ranMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
const clock = process.platform === 'win32' ? () => performance.now() : ranMs;
const start = performance.now();
const from = clock();
let passes = 0;
do { left.compare(right); passes++; } while (performance.now() - start < readMs);
parentPort.postMessage((passes * size) / ((clock() - from) / 1000));
`;

/** Bytes per second, all cores together. Where little memory is free the buffer is smaller. */
export async function measureMemory(): Promise<number> {
  const threads = Math.min(physicalCores(), MOST_THREADS);
  const bytes = Math.min(BUFFER_BYTES, Math.floor(freemem() / 8));
  const size = 2 * Math.floor(bytes / threads / 2);
  const memory = new SharedArrayBuffer(size * threads);
  const signals = new SharedArrayBuffer(4);
  const readings = Array.from({ length: threads }, (_, index) =>
    read({ memory, signals, offset: index * size, size, threads, readMs: READ_MS }),
  );
  const rates = await Promise.all(readings);
  return rates.reduce((sum, rate) => sum + rate, 0);
}

function read(workerData: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(READER, { eval: true, workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
