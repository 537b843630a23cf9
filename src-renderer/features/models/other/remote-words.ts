// What is known of a model that is not in the catalogue, in words.
import type { RemoteModel } from '#contract/catalogue.ts';
import { formatBytes } from '../../../messages/format.ts';
import { t } from '../../../messages/translate.ts';
import { hasGemmaTerms } from '../getting/getting-store.svelte.ts';

/** "Licence: Apache 2.0"; for others the advice to read it. */
export function remoteLicence(licence: string | null): string {
  if (licence === null) return t('hub.other.licenceUnknown');
  if (hasGemmaTerms(licence))
    return t('hub.other.licence', { licence: t('catalogue.licenceName.gemma-terms') });
  if (licence === 'apache-2.0')
    return t('hub.other.licence', { licence: t('catalogue.licenceName.apache-2.0') });
  return `${t('hub.other.licence', { licence })}. ${t('hub.other.licenceOther')}`;
}

/** "50.3 GB · 3 files" */
export function sizeWords({ sizeBytes, source }: RemoteModel): string {
  const size = sizeBytes === null ? t('hub.other.sizeUnknown') : formatBytes(sizeBytes);
  const { length } = source.files;
  return length > 1 ? `${size} · ${t('hub.other.parts', { count: length })}` : size;
}
