// What engine processes inherit, and what they do not.
import { afterEach, expect, it, vi } from 'vitest';
import { engineEnvironment } from '../../../src-main/hosts/engine-environment.ts';

afterEach(() => void vi.unstubAllEnvs());

// Catches an access token within reach of a model file that breaks the engine.
it('keeps the access token from the process that reads untrusted files', () => {
  vi.stubEnv('HF_TOKEN', 'hf_secret');
  vi.stubEnv('NODE_OPTIONS', '--inspect');
  vi.stubEnv('LANG', 'C');
  const environment = engineEnvironment({ ADDED: 'yes' });
  expect(JSON.stringify(environment)).not.toMatch(/hf_secret|--inspect/);
  expect(environment).toMatchObject({ LANG: 'C', ADDED: 'yes' });
});
