// What the settings of the network accept: a value that could only fail later, or go to somebody else, is refused.
import { describe, expect, it } from 'vitest';
import { proxyUrl, settings } from '#contract/settings.ts';

const takes = (key: 'hubMirror' | 'proxy', value: string): boolean =>
  settings.shape[key].unwrap().safeParse(value).success && settings.shape[key].parse(value) === value;

describe('the mirror', () => {
  it.each([
    '',
    'https://hf-mirror.com',
    'https://hf-mirror.com/',
    'https://example.com:8443/hub',
    'http://127.0.0.1:40001',
    'http://localhost:80/x',
    'http://[::1]:9',
  ])('may be %j', (value) => expect(takes('hubMirror', value)).toBe(true));

  it.each([
    'http://hf-mirror.com',
    'http://127.0.0.1.example.com',
    'http://127.0.0.1@example.com',
    'https://me:secret@hf-mirror.com',
    'ftp://hf-mirror.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'hf-mirror.com',
    'https://',
    `https://hf-mirror.com/${'a'.repeat(500)}`,
  ])('may not be %j', (value) => expect(takes('hubMirror', value)).toBe(false));
});

describe('the proxy', () => {
  it.each([
    'system',
    'none',
    'http://proxy:8080',
    'https://proxy.example',
    'socks5://127.0.0.1:9050',
    'proxy.example',
    'proxy:8080',
    'http://name:pass%20word@proxy:8080',
    'http://[::1]:8080',
  ])('may be %j', (value) => expect(takes('proxy', value)).toBe(true));

  it.each([
    '',
    'System',
    'systm',
    'ftp://proxy',
    'socks4://proxy:1',
    'proxy:99999',
    'not one',
    'http://',
    'http://name:100%@proxy:8080',
  ])('may not be %j', (value) => expect(takes('proxy', value)).toBe(false));

  it('is a whole address in the end', () => {
    expect(proxyUrl('proxy:8080')).toBe('http://proxy:8080');
    expect(proxyUrl('socks5://proxy:1')).toBe('socks5://proxy:1');
    expect(proxyUrl('gopher://proxy')).toBeNull();
  });
});

describe('the models folder', () => {
  it.each(['', '/home/ada/models', 'C:\\models', 'd:/models', '\\\\server\\share'])('may be %j', (value) => {
    expect(settings.shape.modelsFolder.unwrap().safeParse(value).success).toBe(true);
  });

  // Catches a folder that is another one whenever the app is started from elsewhere.
  it.each(['models', './models', '~/models', 'C:models', ' /models'])('may not be %j', (value) => {
    expect(settings.shape.modelsFolder.unwrap().safeParse(value).success).toBe(false);
  });
});
