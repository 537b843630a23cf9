// Which backend to try next, and when crashes mean that a backend is given up. Pure; the supervisor acts on it.
import type { Backend } from '#contract/common.ts';
import type { EngineStatus } from '#contract/models.ts';

/** Crashes in a row, without a finished answer between them, after which a backend is left. */
const CRASHES_TO_LEAVE = 3;

type Fallback = EngineStatus['fallback'];
type Reason = NonNullable<Fallback>['reason'];

/** Backends from best to surest for a platform (`process.platform`). The last one always exists. */
export function backendOrder(platform: string): Backend[] {
  return platform === 'darwin' ? ['metal', 'cpu'] : ['cuda', 'vulkan', 'cpu'];
}

export class BackendChoice {
  readonly #order: Backend[];
  #wanted: Backend | 'automatic';
  /** Where the last step down led from and to; it stands for 'automatic' from then on. */
  #fallen: NonNullable<Fallback> | null = null;
  /** Backends that were left, for whichever model. */
  readonly #left = new Map<Backend, Reason>();
  /** The best one that was seen to work; null before anyone looked. */
  #best: Backend | null = null;
  /** The person wants them left alone: never taken unless they are asked for by name. */
  #excluded: readonly Backend[] = [];
  /** A check found that they don't work; a wish of the person is tried all the same. */
  #broken: readonly Backend[] = [];
  #crashes = 0;

  constructor(order: Backend[], wanted: Backend | 'automatic') {
    this.#order = order;
    this.#wanted = wanted;
  }

  /** The wish, whatever became of it. */
  get wanted(): Backend | 'automatic' {
    return this.#wanted;
  }

  get broken(): readonly Backend[] {
    return this.#broken;
  }

  /** What the next engine process shall use; 'automatic', when nothing is known, leaves the detection to it. */
  get next(): Backend | 'automatic' {
    return this.resolve(this.#wanted);
  }

  /** What `next` would be with this wish. */
  resolve(wanted: Backend | 'automatic'): Backend | 'automatic' {
    if (wanted === 'automatic') return this.#fallen?.to ?? this.#best ?? this.#firstAllowed();
    return this.#left.has(wanted) ? this.#below(wanted)! : wanted;
  }

  get fallback(): Fallback {
    if (this.#wanted === 'automatic') return this.#fallen;
    const reason = this.#left.get(this.#wanted);
    return reason ? { from: this.#wanted, to: this.#below(this.#wanted)!, reason } : null;
  }

  /** The person chose anew: earlier crashes no longer count. */
  choose(wanted: Backend | 'automatic'): void {
    this.#fallen = null;
    this.#left.clear();
    this.prefer(wanted);
  }

  /** Another model wants another backend: what was left because it crashed stays left. */
  prefer(wanted: Backend | 'automatic'): void {
    this.#wanted = wanted;
    this.#crashes = 0;
  }

  /** What was detected, and what must be left alone. A change of the latter makes earlier crashes count no longer. */
  learn(best: Backend | null, excluded: readonly Backend[], broken: readonly Backend[] = []): void {
    if (excluded.join() !== this.#excluded.join()) {
      this.#fallen = null;
      this.#left.clear();
      this.#crashes = 0;
    }
    this.#best = best;
    this.#excluded = excluded;
    this.#broken = broken;
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

  #leave(used: Backend | null, reason: Reason): boolean {
    const next = this.next;
    const from = used ?? (next === 'automatic' ? this.#order[0]! : next);
    const to = this.#below(from);
    if (!to || to === from) return false;
    this.#left.set(from, reason);
    this.#fallen = { from, to, reason };
    this.#crashes = 0;
    return true;
  }

  #firstAllowed(): Backend | 'automatic' {
    if (this.#excluded.length === 0) return 'automatic';
    return this.#order.find((backend) => !this.#excluded.includes(backend)) ?? this.#order.at(-1)!;
  }

  /** The next one that was neither left nor excluded; below what this platform does not know, the surest. */
  #below(backend: Backend): Backend | undefined {
    const known = this.#order.indexOf(backend);
    if (known < 0) return this.#order.at(-1);
    return this.#order
      .slice(known + 1)
      .find((lower) => !this.#left.has(lower) && !this.#excluded.includes(lower));
  }
}
