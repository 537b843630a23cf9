// Engine processes that behave like drivers do: they answer, crash, hang, refuse or take their time. Devices can be
// hidden from them by the same variables as from the real ones.
import { AppError } from '#contract/errors.ts';
import { engineContract, type EngineProbe } from '#contract/engine.ts';
import type { Handlers } from '#rpc/define.ts';
import { createMemoryPorts } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';
import type { ChildService } from '../../../../src-main/hosts/host.ts';

export interface FakeDevice {
  name: string;
  totalMemoryBytes: number;
  integrated?: boolean;
  /** llama.cpp leaves it out of its own list. */
  unlisted?: boolean;
  /** Crashes a process that is shown it alone. */
  crashesAlone?: boolean;
}

/** 'no-start': the system has no process to give. */
export type Behaviour = 'no-start' | 'crash' | 'hang' | 'refuse' | 'slow' | FakeDevice[];

export interface FakeEngines {
  readonly start: (environment: Record<string, string>) => ChildService;
  /** Environments of all processes so far. */
  readonly started: Record<string, string>[];
  /** Processes that were not ended. */
  readonly alive: Set<number>;
  behave: Partial<Record<string, Behaviour>>;
  /** The most that were started without a pause in which others could have done something. */
  mostAtOnce: number;
}

const VARIABLES: Record<string, string> = { cuda: 'CUDA_VISIBLE_DEVICES', vulkan: 'GGML_VK_VISIBLE_DEVICES' };
const SLOW_MS = 50;

/** `inherited`: what each process finds in its environment already. */
export function createFakeEngines(
  behave: FakeEngines['behave'],
  inherited: Record<string, string> = {},
): FakeEngines {
  const alive = new Set<number>();
  const started: Record<string, string>[] = [];
  const engines: FakeEngines = { start, started, alive, behave, mostAtOnce: 0 };
  let atOnce = 0;
  return engines;

  function start(environment: Record<string, string>): ChildService {
    const backend = environment['LAPIDARY_BACKEND'] ?? '';
    const behaviour = engines.behave[backend] ?? 'refuse';
    if (behaviour === 'no-start') throw new Error('spawn ENOMEM');
    const pid = started.push(environment);
    engines.mostAtOnce = Math.max(engines.mostAtOnce, ++atOnce);
    setImmediate(() => void (atOnce = 0));
    alive.add(pid);
    const [near, far] = createMemoryPorts();
    const kill = (): void => {
      alive.delete(pid);
      far.close();
    };
    const answer = (): Promise<EngineProbe> =>
      act(behaviour, backend, { ...inherited, ...environment }, kill);
    const handlers = { 'engine.probe': answer, 'engine.measureMemory': () => 2e10 };
    serve(engineContract, handlers as unknown as Handlers<typeof engineContract>, far);
    return { pid, port: near, kill, onExit: () => {} };
  }
}

async function act(
  behaviour: Exclude<Behaviour, 'no-start'>,
  backend: string,
  environment: Record<string, string>,
  kill: () => void,
): Promise<EngineProbe> {
  if (behaviour === 'crash') kill();
  if (behaviour === 'crash' || behaviour === 'hang') return new Promise(() => {});
  if (behaviour === 'refuse') throw new AppError('engine-unavailable', 'No');
  if (behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  const devices = behaviour === 'slow' ? [] : visible(behaviour, environment[VARIABLES[backend] ?? '']);
  if (devices.length === 1 && devices[0]?.crashesAlone) {
    kill();
    return new Promise(() => {});
  }
  const sum = (list: FakeDevice[]): number =>
    list.reduce((bytes, device) => bytes + device.totalMemoryBytes, 0);
  return {
    backend: backend as EngineProbe['backend'],
    gpuNames: devices.map((device) => device.name),
    totalMemoryBytes: sum(devices),
    freeMemoryBytes: sum(devices) / 2,
    unifiedMemoryBytes: sum(devices.filter((device) => device.integrated)),
    instructionSets: ['AVX2'],
  };
}

/** As ggml-vulkan does: an index that does not exist is an error, and only without the variable a list is cleaned up. */
function visible(devices: FakeDevice[], variable: string | undefined): FakeDevice[] {
  if (variable === undefined) return devices.filter((device) => !device.unlisted);
  return variable.split(',').flatMap((index) => {
    if (index === '') return [];
    const device = devices[Number(index)];
    if (!device) throw new AppError('engine-unavailable', 'Invalid device index');
    return device;
  });
}
