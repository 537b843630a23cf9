// What was detected, as sentences, and how to get what is missing.
import type { BackendReport, Gpu, Machine } from '#contract/hardware.ts';
import { formatBytes } from '../../../messages/format.ts';
import { isMessageKey, t } from '../../../messages/translate.ts';
import type { Fact } from '../model-words.ts';

/** A line to paste into a terminal, and on which systems. */
export interface Command {
  systems: string;
  line: string;
}

type Tone = 'plain' | 'accent' | 'warning' | 'error';

/** Parts that a person can install; the others are nothing to worry about. */
const INSTALLABLE = ['driver', 'vulkan-loader', 'cuda-runtime'];

/** Which word of "works, not here, failed ..." and how loud. */
export function backendState({ state, missing }: BackendReport, best: boolean): { word: string; tone: Tone } {
  if (best) return { word: t('machine.state.best'), tone: 'accent' };
  if (state === 'missing' && INSTALLABLE.includes(missing ?? ''))
    return { word: t('machine.state.incomplete'), tone: 'warning' };
  return { word: t(`machine.state.${state}`), tone: state === 'failed' ? 'error' : 'plain' };
}

/** What the state of a backend means, in a sentence or two. */
export function backendMeaning(report: BackendReport, best: boolean, platform: string | null): string {
  const { backend, state, missing, problem } = report;
  if (state === 'missing' && missing) return missingMeaning(backend, missing, platform);
  if (state === 'failed' && problem) {
    const own = `machine.failed.${backend}-${problem}`;
    return isMessageKey(own) ? t(own) : t(`machine.failed.${problem}`);
  }
  if (state === 'working') return t(best ? 'machine.meaning.best' : 'machine.meaning.working');
  return t(`machine.meaning.${state === 'excluded' ? 'excluded' : 'checking'}`);
}

/** The most exact of the sentences there are: for this backend and system, for the backend, for any. */
function missingMeaning(
  backend: BackendReport['backend'],
  missing: NonNullable<BackendReport['missing']>,
  platform: string | null,
): string {
  const exact = [`${backend}-${missing}-${platform}`, `${backend}-${missing}`].map(
    (name) => `machine.missing.${name}`,
  );
  const key = exact.find(isMessageKey);
  return key ? t(key) : t(`machine.missing.${missing}`);
}

const UBUNTU = 'Ubuntu, Debian';
const FEDORA = 'Fedora';
const ARCH = 'Arch Linux';

/** By backend and missing part; none where what the system has is too old. The same in every language. */
const LINUX: Record<string, Command[]> = {
  'vulkan-vulkan-loader': [
    { systems: UBUNTU, line: 'sudo apt install libvulkan1 mesa-vulkan-drivers' },
    { systems: FEDORA, line: 'sudo dnf install vulkan-loader mesa-vulkan-drivers' },
    { systems: ARCH, line: 'sudo pacman -S vulkan-icd-loader' },
  ],
  'vulkan-driver': [
    { systems: UBUNTU, line: 'sudo apt install mesa-vulkan-drivers' },
    { systems: FEDORA, line: 'sudo dnf install mesa-vulkan-drivers' },
    { systems: `${ARCH} (AMD)`, line: 'sudo pacman -S vulkan-radeon' },
    { systems: `${ARCH} (Intel)`, line: 'sudo pacman -S vulkan-intel' },
  ],
  'cuda-driver': [
    { systems: 'Ubuntu', line: 'sudo ubuntu-drivers install' },
    { systems: `${FEDORA} (RPM Fusion)`, line: 'sudo dnf install akmod-nvidia' },
    { systems: ARCH, line: 'sudo pacman -S nvidia-open' },
  ],
  'cuda-cuda-runtime': [
    { systems: UBUNTU, line: 'sudo apt install cuda-libraries-13-1' },
    { systems: FEDORA, line: 'sudo dnf install cuda-libraries-13-1' },
    { systems: ARCH, line: 'sudo pacman -S cuda' },
  ],
};

/** Ways to install what is missing, where one line in a terminal does it. */
export function commandsFor({ backend, missing }: BackendReport, platform: string | null): Command[] {
  return platform === 'linux' && missing ? (LINUX[`${backend}-${missing}`] ?? []) : [];
}

/** "8 GB, 7.2 GB free when checked · part of the processor". */
export function gpuFacts({ totalMemoryBytes, freeMemoryBytes, integrated }: Gpu): string {
  const total = totalMemoryBytes === null ? null : formatBytes(totalMemoryBytes);
  const free = freeMemoryBytes === null ? null : formatBytes(freeMemoryBytes);
  const memory = total && (free ? t('machine.gpu.memory', { total, free }) : total);
  const place = integrated ? t('machine.gpu.integrated') : null;
  return [memory ?? t('machine.gpu.memoryUnknown'), place].filter(Boolean).join(' · ');
}

/** Instruction sets that decide about speed, each with what it means. */
export function instructionFacts({ instructionSets }: Machine): Fact[] {
  return instructionSets.flatMap((name) => {
    const key = `machine.instructions.${name.replaceAll(' ', '-')}`;
    return isMessageKey(key) ? { label: name, value: t(key) } : [];
  });
}

/** The others, by name only. */
export function otherInstructions({ instructionSets }: Machine): string[] {
  return instructionSets.filter((name) => !isMessageKey(`machine.instructions.${name.replaceAll(' ', '-')}`));
}

/** A processor of the PC kind from before 2013: nothing is broken, it only takes long. Only a backend that works tells. */
export function isSlowProcessor({ architecture, instructionSets, state, best }: Machine): boolean {
  const told = state === 'detected' && best !== null;
  return architecture === 'x64' && told && !instructionSets.includes('AVX2');
}

/** The size of the model that memory speed is explained with. */
const EXAMPLE_MODEL_BYTES = 3 * 1024 ** 3;

/** Processor and memory, with what the numbers are for. */
export function machineFacts(machine: Machine): Fact[] {
  const { physicalCores, logicalCores, totalMemoryBytes, freeMemoryBytes, memoryBandwidth } = machine;
  const cores = t('machine.cores', { count: physicalCores });
  const threads = logicalCores > physicalCores ? t('machine.threads', { count: logicalCores }) : null;
  return [
    { label: t('machine.field.processor'), value: machine.processor },
    { label: t('machine.field.cores'), value: [cores, threads].filter(Boolean).join(', ') },
    {
      label: t('machine.field.memory'),
      value: t('machine.memory', {
        total: formatBytes(totalMemoryBytes),
        free: formatBytes(freeMemoryBytes),
      }),
    },
    {
      label: t('machine.field.bandwidth'),
      value:
        memoryBandwidth === null
          ? t('machine.bandwidthUnknown')
          : t('machine.bandwidth', {
              size: formatBytes(memoryBandwidth),
              count: Math.max(1, Math.round(memoryBandwidth / EXAMPLE_MODEL_BYTES)),
            }),
    },
  ];
}
