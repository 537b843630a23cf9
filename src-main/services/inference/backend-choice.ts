// Which backend to try next, and when crashes mean that a backend is given up. Pure; the supervisor acts on it.
import type { Backend } from '#contract/common.ts';
import type { EngineStatus } from '#contract/models.ts';

/** Crashes in a row, without a finished answer between them, after which a backend is left. */
const CRASHES_TO_LEAVE = 3;

type Fallback = EngineStatus['fallback'];

/** Backends from best to surest for a platform (`process.platform`). The last one always exists. */
export function backendOrder(platform: string): Backend[] {
  return platform === 'darwin' ? ['metal', 'cpu'] : ['cuda', 'vulkan', 'cpu'];
}

export class BackendChoice {
  readonly #order: Backend[];
  #wanted: Backend | 'automatic';
  /** Set once a backend was left; from then on it replaces the wish. */
  #fallen: NonNullable<Fallback> | null = null;
  #crashes = 0;

  constructor(order: Backend[], wanted: Backend | 'automatic') {
    this.#order = order;
    this.#wanted = wanted;
  }

  /** What the next engine process shall use; 'automatic' leaves the detection to it. */
  get next(): Backend | 'automatic' {
    return this.#fallen?.to ?? this.#wanted;
  }

  get fallback(): Fallback {
    return this.#fallen;
  }

  /** The person chose anew: earlier crashes no longer count. */
  choose(wanted: Backend | 'automatic'): void {
    this.#wanted = wanted;
    this.#fallen = null;
    this.#crashes = 0;
  }

  /** An answer was finished: the backend works. */
  worked(): void {
    this.#crashes = 0;
  }

  /** Whether to go on: false when even the last backend crashed too often. `used` is null before it was known. */
  crashed(used: Backend | null): boolean {
    this.#crashes += 1;
    return this.#crashes < CRASHES_TO_LEAVE || this.#leave(used, 'crashed');
  }

  /** The backend says that it can't start on this machine. Whether there is another one. */
  unavailable(): boolean {
    return this.#leave(null, 'unavailable');
  }

  #leave(used: Backend | null, reason: 'crashed' | 'unavailable'): boolean {
    const next = this.next;
    const from = used ?? (next === 'automatic' ? this.#order[0]! : next);
    const known = this.#order.indexOf(from);
    const to = known < 0 ? this.#order.at(-1)! : this.#order[known + 1];
    if (!to || to === from) return false;
    this.#fallen = { from, to, reason };
    this.#crashes = 0;
    return true;
  }
}
