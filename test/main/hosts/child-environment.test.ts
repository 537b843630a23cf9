// What engine processes inherit, and what they do not.
import { afterEach, expect, it, vi } from 'vitest';
import { engineStart, readerStart } from '../../../src-main/hosts/child-environment.ts';

afterEach(() => void vi.unstubAllEnvs());

// Catches an access token within reach of a model file that breaks the engine.
it('keeps the access token from the process that reads untrusted files', () => {
  vi.stubEnv('HF_TOKEN', 'hf_secret');
  vi.stubEnv('NODE_OPTIONS', '--inspect');
  vi.stubEnv('LANG', 'C');
  const { environment } = engineStart({ ADDED: 'yes' });
  expect(JSON.stringify(environment)).not.toMatch(/hf_secret|--inspect/);
  expect(environment).toMatchObject({ LANG: 'C', ADDED: 'yes' });
});

// Catches a reader that inherits whatever secrets other programs keep in the environment.
it('gives the reader no more than it needs', () => {
  vi.stubEnv('SOME_SERVICE_KEY', 'secret');
  vi.stubEnv('NODE_OPTIONS', '--inspect');
  vi.stubEnv('LANG', 'C');
  const { environment } = readerStart();
  expect(environment).not.toHaveProperty('SOME_SERVICE_KEY');
  expect(environment).not.toHaveProperty('NODE_OPTIONS');
  expect(environment).toMatchObject({ LANG: 'C' });
});
