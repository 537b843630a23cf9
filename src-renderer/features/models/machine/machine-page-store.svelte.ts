// The page about this machine: checking again, and leaving a backend or a graphics processor alone.
import type { Backend } from '#contract/common.ts';
import type { BackendReport, Gpu, Machine } from '#contract/hardware.ts';
import { asFailure, errorMessage } from '../../../messages/error-message.ts';
import type { Stores } from '../../../stores/stores.ts';

export class MachinePageStore {
  readonly #stores: Stores;
  /** As `process.platform` names it; decides which way to get a missing part is shown. */
  #platform = $state<string | null>(null);

  constructor(stores: Stores) {
    this.#stores = stores;
    stores.hardware.follow();
    void this.#describe();
  }

  /** Null until the host has told. */
  get machine(): Machine | null {
    return this.#stores.hardware.machine;
  }

  get platform(): string | null {
    return this.#platform;
  }

  get detecting(): boolean {
    return this.machine?.state === 'detecting';
  }

  /** Models would have nothing left to run on without this one. */
  isLast({ backend, state }: BackendReport): boolean {
    const working = this.machine?.backends.filter((report) => report.state === 'working') ?? [];
    return state === 'working' && working.every((report) => report.backend === backend);
  }

  /** The last one in use of the last backend that works. */
  isLastGpu(report: BackendReport, gpu: Gpu): boolean {
    return this.isLast(report) && report.gpus.every((each) => each.excluded || each.name === gpu.name);
  }

  checkAgain(): Promise<void> {
    return this.#try(() => this.#stores.api.call('hardware.refresh', undefined));
  }

  /** Uses a backend (`gpu: null`) or one of its graphics processors, or leaves it alone. */
  use(backend: Backend, gpu: string | null, used: boolean): Promise<void> {
    return this.#try(() => this.#stores.api.call('hardware.exclude', { backend, gpu, excluded: !used }));
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#stores.toasts.show({ text: errorMessage(asFailure(error)).title, tone: 'error' });
    }
  }

  async #describe(): Promise<void> {
    // Without it the page tells what is missing, only not by which command it comes.
    const info = await this.#stores.api.call('app.describe', undefined).catch(() => null);
    this.#platform = info?.platform ?? null;
  }
}
