// What a scene of the preview page is made of, and the few things that it can do in the page once that stands.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { FakeHost } from '../fake-api.ts';

export interface Scene {
  /** Where the page opens: `models/catalogue`; null: where the address says. */
  at: string | null;
  /** Handlers that differ from the fake host's. */
  handlers?: Partial<Handlers<Contract>>;
  /** What the host knows. */
  prepare?(host: FakeHost): void;
  /** What a person did to get here. */
  steps?(): Promise<void>;
}

const WAIT_MS = 5_000;

/** Waits for what `selector` finds with this name (its label or its words), and clicks it, which gives it the focus. */
export async function press(name: string, selector = 'button'): Promise<void> {
  const found = await element(selector, (each) => nameOf(each) === name);
  found.focus();
  found.click();
}

/** Types into the field of this name, as if by hand. */
export async function type(name: string, text: string): Promise<void> {
  const field = (await element('input', (each) => labelOf(each) === name)) as HTMLInputElement;
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Waits until something that `selector` finds says this. */
export async function see(text: string, selector = 'h1, h2, h3, h4, p, label'): Promise<void> {
  await element(selector, (each) => each.textContent.includes(text));
}

async function element(selector: string, fits: (each: HTMLElement) => boolean): Promise<HTMLElement> {
  const deadline = performance.now() + WAIT_MS;
  while (performance.now() < deadline) {
    const found = [...document.querySelectorAll<HTMLElement>(selector)].find(fits);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Nothing like ${selector} was found`);
}

function nameOf(each: HTMLElement): string {
  return (each.getAttribute('aria-label') ?? each.textContent).trim();
}

function labelOf(each: HTMLElement): string {
  const [label] = (each as HTMLInputElement).labels ?? [];
  return (each.getAttribute('aria-label') ?? label?.textContent ?? '').trim();
}
