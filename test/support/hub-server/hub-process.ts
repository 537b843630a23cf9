// The fake Hugging Face in a process of its own, with the same interface as inside the test's.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { HubControl, HubServer } from './hub-control.ts';

const ENTRY = new URL('./main.ts', import.meta.url).pathname;

interface Addresses {
  endpoint: string;
  filesEndpoint: string;
  control: string;
}

export async function startHubProcess(): Promise<HubServer> {
  const child = spawn(process.execPath, [ENTRY], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`The fake hub ended with ${code}`)));
  });
  const { endpoint, filesEndpoint, control } = JSON.parse(line) as Addresses;
  return {
    ...remoteControl(control),
    endpoint,
    filesEndpoint,
    async close() {
      child.kill();
      await gone;
    },
  };
}

/** The methods of a server that another process has started. */
export function remoteControl(address: string): HubControl {
  const call =
    (name: keyof HubControl) =>
    async (...values: unknown[]): Promise<never> => {
      const body = JSON.stringify({ call: name, arguments: values });
      const response = await fetch(address, { method: 'POST', body });
      const { result, error } = (await response.json()) as { result: never; error?: string };
      if (error !== undefined) throw new Error(error);
      return result;
    };
  return {
    addRepository: call('addRepository'),
    removeFile: call('removeFile'),
    replaceFile: call('replaceFile'),
    setFaults: call('setFaults'),
    failRequests: call('failRequests'),
    setTokens: call('setTokens'),
    setLinkLifetime: call('setLinkLifetime'),
    expireLinks: call('expireLinks'),
    facts: call('facts'),
    bytesSent: call('bytesSent'),
    requests: call('requests'),
    forgetRequests: call('forgetRequests'),
  };
}
