// @vitest-environment happy-dom
// Catches: another part of an address standing out in place of the host that it leads to.
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import LinkDialog from '../../../src-renderer/features/chat/LinkDialog.svelte';
import { addressParts, linkAddress } from '../../../src-renderer/ui/markdown/link-address.ts';

let shown: Record<string, unknown> | null = null;
afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
});

it.each([
  ['https://evil.com@evil.com/', 'https://evil.com@', 'evil.com', '/'],
  ['https://bank.example:secret@evil.com:8443/bank.example?evil.com#evil.com', 'https://bank.example:secret@',
    'evil.com:8443', '/bank.example?evil.com#evil.com'],
  ['http://h/', 'http://', 'h', '/'],
  ['https://xn--pple-43d.com/', 'https://', 'xn--pple-43d.com', '/'],
  ['mailto:a@b.example', 'mailto:a@b.example', '', ''],
])('cuts %s where its host is', (address, before, host, after) => {
  expect(addressParts(address)).toEqual({ before, host, after });
}); // prettier-ignore

it('loses nothing of any address', () => {
  for (const address of [
    'https://a:@b.example',
    'http://user@[::1]:80/x?',
    'https://a.example?q#',
    'mailto:x?y',
  ]) {
    const url = linkAddress(address)!;
    const { before, host, after } = addressParts(url);
    // An empty query or fragment is no part of where it leads.
    expect(url.startsWith(before + host + after)).toBe(true);
    expect(url.slice((before + host + after).length)).toMatch(/^[?#]*$/);
  }
});

it('shows the whole address with its host standing out', () => {
  const props = { address: 'https://evil.com@evil.com/evil.com', onopen: () => {}, onclose: () => {} };
  shown = mount(LinkDialog, { target: document.body, props });
  flushSync();
  const line = document.querySelector('.address');
  expect(line?.textContent).toBe('https://evil.com@evil.com/evil.com');
  expect(line?.querySelector('strong')?.previousSibling?.textContent).toBe('https://evil.com@');
  expect(line?.querySelector('strong')?.textContent).toBe('evil.com');
});
