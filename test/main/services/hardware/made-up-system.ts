// A system made of nothing but lists, of whichever kind a test needs.
import type { Look } from '../../../../src-main/services/hardware/look.ts';

interface System {
  platform?: string;
  architecture?: string;
  environment?: Record<string, string>;
  /** Paths that exist; folders list what lies under them. */
  files?: string[];
  /** Texts of files; they exist too. */
  texts?: Record<string, string>;
  libraries?: string[];
  packages?: string[];
}

export function madeUpSystem({
  platform = 'linux',
  architecture = 'x64',
  environment = {},
  files = [],
  texts = {},
  libraries = [],
  packages = ['linux-x64', 'linux-x64-cuda', 'linux-x64-vulkan'],
}: System = {}): Look {
  const all = [...files, ...Object.keys(texts)];
  const separator = platform === 'win32' ? '\\' : '/';
  return {
    platform,
    architecture,
    environment,
    exists: async (path) => all.includes(path),
    list: async (folder) => {
      const inside = all.filter((path) => path.startsWith(folder + separator));
      return [...new Set(inside.map((path) => path.slice(folder.length + 1).split(separator)[0] ?? ''))];
    },
    read: async (path) => texts[path] ?? '',
    libraries: async () => libraries,
    hasPackage: (name) => packages.includes(name.replace('@node-llama-cpp/', '')),
  };
}

/** A graphics card of this vendor on the PCI bus of Linux, beside a network card. */
export function pciCard(vendor: string): Record<string, string> {
  const bus = '/sys/bus/pci/devices';
  return {
    [`${bus}/0000:00:01.0/class`]: '0x020000\n',
    [`${bus}/0000:00:01.0/vendor`]: '0x8086\n',
    [`${bus}/0000:01:00.0/class`]: '0x030000\n',
    [`${bus}/0000:01:00.0/vendor`]: `${vendor}\n`,
  };
}

/** A PCI bus without any graphics, as in many virtual machines. */
export const NO_CARD = {
  '/sys/bus/pci/devices/0000:00:01.0/class': '0x020000\n',
  '/sys/bus/pci/devices/0000:00:01.0/vendor': '0x1af4\n',
};
