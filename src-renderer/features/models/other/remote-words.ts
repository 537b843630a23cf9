// What is known of a model that is not in the catalogue, in words.
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
