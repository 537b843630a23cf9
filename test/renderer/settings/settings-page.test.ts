import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { describeSettings } from '../../../src-main/services/settings/settings-service.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { settingFields } from '../../support/fake-data.ts';
import SettingsPageInContext from '../../support/SettingsPageInContext.svelte';

let page: Record<string, unknown> | null = null;

afterEach(async () => {
  if (page) await unmount(page);
  page = null;
});

async function show() {
  const host = createFakeHost();
  const stores = createStores(host.api);
  page = mount(SettingsPageInContext, { target: document.body, props: { stores } });
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelector('[data-setting]')).not.toBeNull();
  });
  return { host, stores };
}

const row = (key: string): HTMLElement | null => document.querySelector(`[data-setting="${key}"]`);

// Catches a new setting that nobody can change because the page does not know its control.
it('draws a control with a name for every setting', async () => {
  await show();
  const drawn = describeSettings().map(({ key }) => key);
  expect(settingFields.map(({ key }) => key)).toEqual(drawn);
  for (const key of drawn) {
    const control = row(key)?.querySelector('.control :is(input, select, textarea, button)');
    expect(control, key).not.toBeNull();
  }
});

// Catches null shown as 0 or as an empty control: it means "recommended".
it('shows null as recommended', async () => {
  await show();
  expect(row('temperature')?.textContent).toContain('Recommended');
  expect(row('topK')?.querySelector('input')?.placeholder).toBe('Recommended');
});

function type(key: string, text: string): void {
  const input = row(key)?.querySelector('input');
  if (!input) throw new Error(`No field for ${key}`);
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
  flushSync();
}

// Catches a value out of range that is sent and silently lost.
it('keeps what is out of range in the field and says the range', async () => {
  const { host } = await show();
  type('topK', '9000');
  expect(row('topK')?.querySelector('[role="alert"]')?.textContent).toContain('from 0 to 500');
  expect(row('topK')?.querySelector('input')?.value).toBe('9000');
  type('topK', 'many');
  expect(row('topK')?.querySelector('[role="alert"]')?.textContent).toContain('Enter a number.');
  expect(host.settings.value.topK).toBeNull();
});

it('saves at once, and empties back to recommended', async () => {
  const { host } = await show();
  type('topK', '40');
  await vi.waitFor(() => expect(host.settings.value.topK).toBe(40));
  await vi.waitFor(() => {
    flushSync();
    expect(row('topK')?.querySelector('button[aria-label^="Reset"]')).not.toBeNull();
  });
  type('topK', '');
  await vi.waitFor(() => expect(host.settings.value.topK).toBeNull());
});

// Catches a page that keeps showing a value which the host refused.
it('goes back to the old value when the host refuses', async () => {
  const { host, stores } = await show();
  host.down = true;
  host.disconnect();
  await vi.waitFor(() => expect(stores.connection.state).toBe('lost'));
  type('threads', '2');
  await vi.waitFor(() => {
    flushSync();
    expect(row('threads')?.querySelector('[role="alert"]')?.textContent).toContain('No connection');
  });
  expect(stores.settings.values?.threads).toBeNull();
});

const alertOf = (key: string): string => row(key)?.querySelector('[role="alert"]')?.textContent ?? '';

// Catches "This can’t be used as it is", which tells nobody what to write instead.
it.each([
  ['hubMirror', 'http://hf.example', 'https'],
  ['hubMirror', 'hf.example', 'https'],
  ['hubMirror', 'https://me:secret@hf.example', 'without a name or password'],
  ['modelsFolder', 'models', 'whole path'],
  ['proxy', 'systm', 'http://proxy.example:8080'],
  ['proxy', 'ftp://proxy.example', 'http://proxy.example:8080'],
] as const)(
  'says what %s can be when %s is refused, and leaves the text to be corrected',
  async (key, text, words) => {
    const { host } = await show();
    const before = host.settings.value[key];
    type(key, text);
    await vi.waitFor(() => {
      flushSync();
      expect(alertOf(key)).toContain(words);
    });
    expect(row(key)?.querySelector('input')?.value).toBe(text);
    expect(row(key)?.querySelector('input')?.getAttribute('aria-invalid')).toBe('true');
    expect(host.settings.value[key]).toBe(before);
  },
);

it('takes a mirror, a proxy and a limit for downloads, and what they were when emptied', async () => {
  const { host } = await show();
  expect(row('downloadLimit')?.querySelector('input')?.placeholder).toBe('No limit');
  expect(row('proxy')?.querySelector('input')?.placeholder).toBe('system');
  type('hubMirror', ' https://hf-mirror.example/hub ');
  type('proxy', 'proxy.example:8080');
  type('downloadLimit', '2,5');
  await vi.waitFor(() =>
    expect(host.settings.value).toMatchObject({
      hubMirror: 'https://hf-mirror.example/hub',
      proxy: 'proxy.example:8080',
      downloadLimit: 2.5,
    }),
  );
  type('downloadLimit', '0');
  expect(alertOf('downloadLimit')).toContain('from 0.1 to 10,000');
  for (const key of ['hubMirror', 'proxy', 'downloadLimit']) type(key, '');
  await vi.waitFor(() =>
    expect(host.settings.value).toMatchObject({ hubMirror: '', proxy: 'system', downloadLimit: null }),
  );
  flushSync();
  for (const key of ['hubMirror', 'proxy', 'downloadLimit']) expect(alertOf(key)).toBe('');
});
