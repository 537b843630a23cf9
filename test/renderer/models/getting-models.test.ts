import { expect, it, vi } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { writingSpeed } from '../../../src-renderer/features/models/catalogue/catalogue-view.ts';
import { createModels } from '../../../src-renderer/features/models/models-context.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { catalogueEntries, unjudged } from '../../support/fake-catalogue.ts';
import { fakeDownload } from '../../support/fake-downloads.ts';
import { remoteRepository } from '../../support/fake-store.ts';

function begin(replace: Parameters<typeof createFakeHost>[0] = {}) {
  const host = createFakeHost(replace);
  const models = createModels(createStores(host.api));
  models.stores.hardware.follow();
  return { host, ...models };
}

function named(position: number) {
  return { 'hub.open': () => ({ ...remoteRepository, named: position }) };
}

// Catches a dialog that opens again on a model with neither a verdict nor a reason why there is none.
it('forgets a chosen model whose header could not be read', async () => {
  const { other } = begin({
    ...named(1),
    'hub.inspect': () => {
      throw new AppError('hub-gated', 'Gated');
    },
  });
  other.query = 'hf:example/gemma:Q4_0';
  await other.submit();
  expect(other.failure?.code).toBe('hub-gated');
  other.close();
  expect(other.stage).toBe('repository');
});

it('keeps a chosen model with its verdict for the next look', async () => {
  const { other } = begin(named(1));
  other.query = 'hf:example/gemma:Q4_0';
  await other.submit();
  other.close();
  expect(other.stage).toBe('model');
  expect(other.inspected).not.toBeNull();
});

// Catches "Another model…" that opens on the one that is being downloaded already.
it('starts afresh after a download was begun', async () => {
  const { other, getting, host } = begin(named(1));
  other.query = 'hf:example/gemma:Q4_0';
  await other.submit();
  other.download();
  expect(other.stage).toBe('ask');
  expect(other.query).toBe('');
  await getting.acceptTerms();
  await vi.waitFor(() => expect(host.downloads.value.list).toHaveLength(1));
});

// Catches a first byte before consent, and a consent that never reaches the host.
it('adds a gated model with terms only after both, and tells which terms were accepted', async () => {
  const [entry] = catalogueEntries.filter(({ gated }) => gated);
  if (!entry) throw new Error('No gated entry');
  const accepted: unknown[] = [];
  const { getting, hub } = begin({
    'downloads.add': ({ acceptedLicence }) => {
      accepted.push(acceptedLicence);
      return fakeDownload(0, 0);
    },
  });
  const stop = hub.follow();
  await vi.waitFor(() => expect(hub.status).not.toBeNull());
  await getting.get({ ...entry, catalogueId: entry.id });
  expect(getting.terms?.name).toBe(entry.name);
  await getting.acceptTerms();
  expect(getting.account?.repository).toBe(entry.source.repository);
  expect(accepted).toEqual([]);
  expect(await hub.setToken('hf_made_up')).toBeNull();
  getting.accountReady();
  await vi.waitFor(() => expect(accepted).toEqual(['gemma-terms']));
  stop();
});

it('takes back everything when a dialog on the way is closed', async () => {
  const [entry] = catalogueEntries.filter(({ gated }) => gated);
  if (!entry) throw new Error('No gated entry');
  const { getting, host } = begin();
  await getting.get({ ...entry, catalogueId: entry.id });
  getting.close();
  await getting.acceptTerms();
  expect(host.downloads.value.list).toEqual([]);
  expect(getting.account).toBeNull();
});

// Catches "None of these fits" between the detection and the verdicts that come of it.
it('is judging until the verdicts are there, not only until the machine is known', async () => {
  const { catalogue, host } = begin();
  host.catalogue.set(unjudged(catalogueEntries));
  const stop = catalogue.follow();
  await vi.waitFor(() => expect(catalogue.entries).not.toHaveLength(0));
  expect(catalogue.judging).toBe(true);
  host.catalogue.set(catalogueEntries);
  await vi.waitFor(() => expect(catalogue.judging).toBe(false));
  stop();
});

it('names no words a second for a model that writes none, or does not fit', () => {
  const [finding] = catalogueEntries.filter(({ purposes }) => purposes.every((each) => each === 'retrieval'));
  const [large] = catalogueEntries.filter(({ fit }) => fit.verdict === 'too-large');
  expect([finding, large].map((entry) => entry && writingSpeed(entry))).toEqual([null, null]);
});
