// The memory there is for a model on this machine, and on which backend it would run. Pure.
import type { Backend } from '#contract/common.ts';
import type { Gpu, Machine } from '#contract/hardware.ts';
import { isUsed } from '../hardware/gpu-choice.ts';

/** Free memory never stands still; verdicts change in steps of this. */
const STEP_BYTES = 64 * 1024 ** 2;
/** What the system and its programs keep even when everything else is closed. */
const SYSTEM_BYTES = 1.5 * 1024 ** 3;
/** The library leaves this of the graphics memory alone (node-llama-cpp, defaultLlamaVramPadding). */
const GPU_PADDING = { share: 0.06, mostBytes: 1024 ** 3 };

interface Room {
  freeBytes: number;
  /** If nothing else ran. */
  totalBytes: number;
}

export interface MemoryRoom {
  /** Null while nobody knows. */
  backend: Backend | null;
  main: Room;
  /** What the graphics processors that are used can hold of a model; null on the processor alone. */
  gpu: Room | null;
  /** The graphics memory is main memory: counted once, it is never added to it. */
  unified: boolean;
}

/** `reclaimableBytes`: main memory that the model loaded now would give back. */
export function roomOn(machine: Machine, backend: Backend | null, reclaimableBytes = 0): MemoryRoom {
  const totalBytes = Math.max(0, machine.totalMemoryBytes - SYSTEM_BYTES);
  const freeBytes = Math.min(machine.totalMemoryBytes, machine.freeMemoryBytes + reclaimableBytes);
  const main = { freeBytes: Math.floor(freeBytes / STEP_BYTES) * STEP_BYTES, totalBytes };
  const report = machine.backends.find((each) => each.backend === backend);
  const gpus = report?.state === 'working' ? report.gpus.filter(isUsed) : [];
  if (gpus.length === 0) return { backend, main, gpu: null, unified: false };
  const unified = gpus.every((gpu) => gpu.integrated);
  if (!unified) return { backend, main, gpu: sum(gpus.map(roomOfGpu)), unified };
  // What a graphics processor on main memory had free at its detection says nothing about now.
  const most = sum(gpus.map(roomOfGpu)).totalBytes || main.totalBytes;
  const gpu = {
    freeBytes: Math.min(most, main.freeBytes),
    totalBytes: Math.min(most, main.totalBytes),
  };
  return { backend, main, gpu, unified };
}

function roomOfGpu({ totalMemoryBytes, freeMemoryBytes }: Gpu): Room {
  const total = totalMemoryBytes ?? freeMemoryBytes ?? 0;
  const padding = Math.min(total * GPU_PADDING.share, GPU_PADDING.mostBytes);
  const usable = (bytes: number): number => Math.max(0, Math.floor(bytes - padding));
  return { freeBytes: usable(freeMemoryBytes ?? 0), totalBytes: usable(total) };
}

function sum(rooms: readonly Room[]): Room {
  return rooms.reduce(
    (all, room) => ({
      freeBytes: all.freeBytes + room.freeBytes,
      totalBytes: all.totalBytes + room.totalBytes,
    }),
    { freeBytes: 0, totalBytes: 0 },
  );
}
