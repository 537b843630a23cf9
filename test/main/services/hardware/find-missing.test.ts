// Why a backend is not there, on each of the three systems: a wrong word sends a person to install the wrong thing.
import { describe, expect, test } from 'vitest';
import { findAbsent, findMissing } from '../../../../src-main/services/hardware/find-missing.ts';
import { librariesOfCache } from '../../../../src-main/services/hardware/look.ts';
import { madeUpSystem, NO_CARD, pciCard } from './made-up-system.ts';

const NVIDIA = pciCard('0x10de');
const AMD = pciCard('0x1002');

describe('what the app was packed with', () => {
  test.each([
    ['linux', 'x64', 'cuda', 'not-in-package'],
    ['linux', 'arm64', 'vulkan', 'not-in-package'],
    ['darwin', 'arm64', 'cpu', 'not-in-package'],
    ['darwin', 'x64', 'metal', 'other-platform'],
    ['darwin', 'arm64', 'vulkan', 'other-platform'],
    ['linux', 'x64', 'metal', 'other-platform'],
  ] as const)('%s %s without %s: %s', (platform, architecture, backend, absent) => {
    const packages = ['linux-arm64', 'linux-x64', 'linux-x64-vulkan', 'mac-arm64-metal', 'mac-x64'];
    expect(findAbsent(backend, madeUpSystem({ platform, architecture, packages }))).toBe(absent);
  });

  test.each([
    ['linux', 'x64', 'cpu', 'linux-x64'],
    ['win32', 'x64', 'cuda', 'win-x64-cuda'],
    ['darwin', 'arm64', 'metal', 'mac-arm64-metal'],
    ['darwin', 'x64', 'cpu', 'mac-x64'],
  ] as const)('%s %s with %s', (platform, architecture, backend, name) => {
    expect(findAbsent(backend, madeUpSystem({ platform, architecture, packages: [name] }))).toBeNull();
  });
});

describe('Vulkan on Linux', () => {
  test('no graphics at all is not a missing library: nothing that can be installed would help', async () => {
    expect(await findMissing('vulkan', madeUpSystem({ texts: NO_CARD }))).toBe('no-device');
  });

  test('a card without the loader', async () => {
    expect(await findMissing('vulkan', madeUpSystem({ texts: AMD }))).toBe('vulkan-loader');
  });

  test('the loader without a driver', async () => {
    const look = madeUpSystem({ texts: AMD, libraries: ['libvulkan.so.1'] });
    expect(await findMissing('vulkan', look)).toBe('driver');
  });

  test('all there', async () => {
    const files = ['/usr/share/vulkan/icd.d/radeon_icd.json'];
    expect(
      await findMissing('vulkan', madeUpSystem({ texts: AMD, files, libraries: ['libvulkan.so.1'] })),
    ).toBeNull();
  });

  test('a loader in a folder that the cache does not know, and a driver named by a variable', async () => {
    const look = madeUpSystem({
      texts: AMD,
      files: ['/opt/vulkan/lib/libvulkan.so.1'],
      environment: { LD_LIBRARY_PATH: '/nowhere:/opt/vulkan/lib', VK_DRIVER_FILES: '/opt/icd.json' },
    });
    expect(await findMissing('vulkan', look)).toBeNull();
  });

  test('a bus that can’t be seen counts as a card: a phone-like board has none', async () => {
    expect(await findMissing('vulkan', madeUpSystem({ architecture: 'arm64' }))).toBe('vulkan-loader');
  });
});

describe('CUDA on Linux', () => {
  const driver = ['/proc/driver/nvidia/version'];

  test('another maker’s card needs no NVIDIA driver', async () => {
    expect(await findMissing('cuda', madeUpSystem({ texts: AMD }))).toBe('no-device');
  });

  test('an NVIDIA card without its driver', async () => {
    expect(await findMissing('cuda', madeUpSystem({ texts: NVIDIA }))).toBe('driver');
  });

  test('half a runtime is none', async () => {
    const look = madeUpSystem({ texts: NVIDIA, files: driver, libraries: ['libcudart.so.13'] });
    expect(await findMissing('cuda', look)).toBe('cuda-runtime');
  });

  test('runtime 12 does only where the second build is', async () => {
    const system = { texts: NVIDIA, files: driver, libraries: ['libcudart.so.12', 'libcublas.so.12'] };
    expect(await findMissing('cuda', madeUpSystem(system))).toBe('cuda-runtime');
    expect(
      await findMissing('cuda', madeUpSystem({ ...system, packages: ['linux-x64-cuda-ext'] })),
    ).toBeNull();
  });

  test('runtime 13 from the loader’s cache and from the usual folder', async () => {
    const files = [...driver, '/usr/lib/x86_64-linux-gnu/libcublas.so.13'];
    expect(await findMissing('cuda', madeUpSystem({ files, libraries: ['libcudart.so.13'] }))).toBeNull();
  });
});

describe('Windows', () => {
  const platform = 'win32';
  const environment = { SystemRoot: 'D:\\Windows', Path: 'C:\\tools;C:\\CUDA\\bin' };
  const system32 = (name: string): string => `D:\\Windows\\System32\\${name}`;

  test('the Vulkan library comes with the graphics driver', async () => {
    expect(await findMissing('vulkan', madeUpSystem({ platform, environment }))).toBe('vulkan-loader');
    const files = [system32('vulkan-1.dll')];
    expect(await findMissing('vulkan', madeUpSystem({ platform, environment, files }))).toBeNull();
  });

  test('CUDA: first the driver, then the runtime, wherever its installer put it', async () => {
    expect(await findMissing('cuda', madeUpSystem({ platform, environment }))).toBe('driver');
    const driver = [system32('nvcuda.dll')];
    expect(await findMissing('cuda', madeUpSystem({ platform, environment, files: driver }))).toBe(
      'cuda-runtime',
    );
    const inPath = [...driver, 'C:\\CUDA\\bin\\cudart64_13.dll', 'C:\\CUDA\\bin\\cublas64_13.dll'];
    expect(await findMissing('cuda', madeUpSystem({ platform, environment, files: inPath }))).toBeNull();
    const toolkit = 'C:\\Program Files\\NVIDIA GPU Computing Toolkit\\CUDA\\v13.0\\bin\\x64';
    const installed = [...driver, `${toolkit}\\cudart64_13.dll`, `${toolkit}\\cublas64_13.dll`];
    expect(await findMissing('cuda', madeUpSystem({ platform, environment, files: installed }))).toBeNull();
  });
});

test('a Mac lacks nothing that could be installed', async () => {
  expect(await findMissing('metal', madeUpSystem({ platform: 'darwin', architecture: 'arm64' }))).toBeNull();
});

test('reads the names out of the loader’s cache', () => {
  const text =
    "2 libs found in cache `/etc/ld.so.cache'\n\tlibz.so.1 (libc6,x86-64) => /lib/libz.so.1\n\tlibvulkan.so.1 (libc6,x86-64) => /lib/libvulkan.so.1\n";
  expect(librariesOfCache(text)).toEqual(['libz.so.1', 'libvulkan.so.1']);
});
