// Why a backend gave nothing, found out by looking: what a person would have to install. Pure over a `Look`, so that
// each of the three systems can be tested on any of them.
import type { Backend } from '#contract/common.ts';
import type { MissingPart } from '#contract/hardware.ts';
import type { Look } from './look.ts';

const SYSTEMS: Record<string, string> = { linux: 'linux', win32: 'win', darwin: 'mac' };
const LINUX_FOLDERS = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/lib', '/lib64'];
const LINUX_TRIPLETS: Record<string, string> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
const ICD_FOLDERS = ['/usr/share', '/usr/local/share', '/etc', '/run/opengl-driver/share'];
const PCI = '/sys/bus/pci/devices';
const NVIDIA = '0x10de';

/** Whether the app was packed with this backend; without it no process needs to be asked. */
export function findAbsent(backend: Backend, look: Look): MissingPart | null {
  const { platform, architecture } = look;
  const system = `${SYSTEMS[platform] ?? platform}-${architecture}`;
  if (backend === 'metal') {
    if (platform !== 'darwin' || architecture !== 'arm64') return 'other-platform';
    return look.hasPackage(`@node-llama-cpp/${system}-metal`) ? null : 'not-in-package';
  }
  if (platform === 'darwin' && backend !== 'cpu') return 'other-platform';
  const name = backend === 'cpu' ? system : `${system}-${backend}`;
  return look.hasPackage(`@node-llama-cpp/${name}`) ? null : 'not-in-package';
}

/** What a backend that did not start, or found no device, lacks; null when everything it needs seems to be there. */
export async function findMissing(backend: Backend, look: Look): Promise<MissingPart | null> {
  if (backend === 'cpu' || backend === 'metal') return null;
  if (look.platform === 'linux') return missingOnLinux(backend, look);
  if (look.platform === 'win32') return missingOnWindows(backend, look);
  return null;
}

async function missingOnLinux(backend: 'cuda' | 'vulkan', look: Look): Promise<MissingPart | null> {
  if (backend === 'vulkan') {
    if (!(await hasGraphics(look))) return 'no-device';
    if (!(await hasLinuxLibraries(look, ['libvulkan.so.1']))) return 'vulkan-loader';
    return (await hasVulkanDriver(look)) ? null : 'driver';
  }
  const driver = await anyExists(look, ['/proc/driver/nvidia/version', '/dev/nvidia0', '/dev/dxg']);
  if (!driver) return (await hasNvidiaCard(look)) ? 'driver' : 'no-device';
  const runtimes = [['libcudart.so.13', 'libcublas.so.13']];
  if (hasOlderCuda(look)) runtimes.push(['libcudart.so.12', 'libcublas.so.12']);
  return (await anyRuntime(runtimes, (names) => hasLinuxLibraries(look, names))) ? null : 'cuda-runtime';
}

async function missingOnWindows(backend: 'cuda' | 'vulkan', look: Look): Promise<MissingPart | null> {
  const windows = look.environment['SystemRoot'] ?? 'C:\\Windows';
  if (backend === 'vulkan')
    return (await look.exists(`${windows}\\System32\\vulkan-1.dll`)) ? null : 'vulkan-loader';
  if (!(await look.exists(`${windows}\\System32\\nvcuda.dll`))) return 'driver';
  const runtimes = [['cudart64_13.dll', 'cublas64_13.dll']];
  if (hasOlderCuda(look)) runtimes.push(['cudart64_12.dll', 'cublas64_12.dll']);
  const folders = await windowsCudaFolders(look);
  const found = await anyRuntime(runtimes, (names) => allExist(look, folders, '\\', names));
  return found ? null : 'cuda-runtime';
}

/** The second build, for CUDA 12, lies in a package of its own. */
function hasOlderCuda(look: Look): boolean {
  return look.hasPackage(`@node-llama-cpp/${SYSTEMS[look.platform]}-${look.architecture}-cuda-ext`);
}

async function hasLinuxLibraries(look: Look, names: readonly string[]): Promise<boolean> {
  const known = new Set(await look.libraries());
  const named = look.environment['LD_LIBRARY_PATH']?.split(':').filter(Boolean) ?? [];
  const triplet = LINUX_TRIPLETS[look.architecture];
  const folders = [...named, ...LINUX_FOLDERS, ...(triplet ? [`/usr/lib/${triplet}`] : [])];
  const unknown = names.filter((name) => !known.has(name));
  return allExist(look, folders, '/', unknown);
}

/** A driver announces itself by a JSON file; VK_ICD_FILENAMES and VK_DRIVER_FILES name others. */
async function hasVulkanDriver(look: Look): Promise<boolean> {
  if (look.environment['VK_ICD_FILENAMES'] || look.environment['VK_DRIVER_FILES']) return true;
  const lists = await Promise.all(ICD_FOLDERS.map((folder) => look.list(`${folder}/vulkan/icd.d`)));
  return lists.flat().some((name) => name.endsWith('.json'));
}

/** Any graphics processor at all. Where the buses can't be seen there might be one. */
async function hasGraphics(look: Look): Promise<boolean> {
  const render = (await look.list('/dev/dri')).some((name) => name.startsWith('renderD'));
  if (render || (await anyExists(look, ['/dev/dxg', '/dev/nvidia0']))) return true;
  const devices = await graphicsOnPci(look);
  return devices === null || devices.length > 0;
}

async function hasNvidiaCard(look: Look): Promise<boolean> {
  const devices = await graphicsOnPci(look);
  return devices === null || devices.includes(NVIDIA);
}

/** Vendors of the display controllers (PCI class 3); null when the bus can't be seen. */
async function graphicsOnPci(look: Look): Promise<string[] | null> {
  const names = await look.list(PCI);
  if (names.length === 0) return null;
  const devices = await Promise.all(
    names.map(async (name) => ({
      type: await look.read(`${PCI}/${name}/class`),
      vendor: await look.read(`${PCI}/${name}/vendor`),
    })),
  );
  return devices.filter(({ type }) => type.startsWith('0x03')).map(({ vendor }) => vendor.trim());
}

/** CUDA's installer puts each version beside the others, and its bin folders into PATH. */
async function windowsCudaFolders(look: Look): Promise<string[]> {
  const { environment } = look;
  const toolkits = `${environment['ProgramFiles'] ?? 'C:\\Program Files'}\\NVIDIA GPU Computing Toolkit\\CUDA`;
  const versions = (await look.list(toolkits)).map((version) => `${toolkits}\\${version}`);
  const roots = [environment['CUDA_PATH'], ...versions].filter((root) => root !== undefined);
  const path = (environment['Path'] ?? environment['PATH'] ?? '').split(';').filter(Boolean);
  return [...path, ...roots.flatMap((root) => [`${root}\\bin`, `${root}\\bin\\x64`])];
}

async function anyRuntime(
  runtimes: readonly string[][],
  has: (names: string[]) => Promise<boolean>,
): Promise<boolean> {
  return (await Promise.all(runtimes.map(has))).some(Boolean);
}

async function anyExists(look: Look, paths: readonly string[]): Promise<boolean> {
  return (await Promise.all(paths.map((path) => look.exists(path)))).some(Boolean);
}

/** Every name in at least one of the folders. */
async function allExist(
  look: Look,
  folders: readonly string[],
  separator: string,
  names: readonly string[],
): Promise<boolean> {
  const found = names.map((name) =>
    anyExists(
      look,
      folders.map((folder) => `${folder}${separator}${name}`),
    ),
  );
  return (await Promise.all(found)).every(Boolean);
}
