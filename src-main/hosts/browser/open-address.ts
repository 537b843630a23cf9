// Opens an address with the system's default program for it.
import { spawn } from 'node:child_process';

/** Resolves when the system took the address over; rejects with its reason. Never through a shell. */
export function openAddress(address: string, platform = process.platform): Promise<void> {
  const [program, ...args] = opener(platform);
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
    child.once('error', reject);
    child.once('spawn', () => child.unref());
    child.once('exit', (code) => (code ? reject(new Error(`${program} ended with ${code}`)) : resolve()));
  });
}

function opener(platform: NodeJS.Platform): [program: string, ...args: string[]] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}
