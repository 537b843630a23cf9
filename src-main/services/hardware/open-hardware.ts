// The hardware service on this machine: what the system itself says about its processor and memory goes in first.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { MachineReportRepository } from '../../database/machine-report-repository.ts';
import type { Host } from '../../hosts/host.ts';
import { instructionSetsOfCpuInfo } from '../../lib/instruction-sets.ts';
import type { Log } from '../../lib/log.ts';
import { physicalCores } from '../../lib/physical-cores.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { Facts } from './describe-machine.ts';
import { HardwareService } from './hardware-service.ts';
import { lookHere } from './look.ts';
import { freeMemory, totalMemory } from './memory-now.ts';

interface Parts {
  host: Host;
  settings: SettingsService;
  reports: MachineReportRepository;
  version: string;
  now: () => number;
  log: Log;
}

export function openHardware({ host, ...parts }: Parts): HardwareService {
  return new HardwareService({
    ...parts,
    start: (environment) => host.startEngine(environment),
    look: lookHere(),
    facts: readFacts(),
    freeMemory,
  });
}

function readFacts(): Facts {
  return {
    processor: cpus()[0]?.model.replace(/\s+/g, ' ').trim() || 'unknown',
    architecture: process.arch,
    physicalCores: physicalCores(),
    logicalCores: availableParallelism(),
    instructionSets: process.platform === 'linux' ? instructionSetsOfCpuInfo(cpuInfo()) : [],
    totalMemoryBytes: totalMemory(),
    freeMemoryBytes: process.availableMemory(),
  };
}

function cpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return ''; // The engine tells them anyway.
  }
}
