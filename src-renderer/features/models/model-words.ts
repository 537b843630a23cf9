// What a model's header says, as a person reads it.
import type { MemoryNeed, Model, ModelHeader } from '#contract/models.ts';
import { formatBytes, formatCount, formatDate, formatNumber, formatRate } from '../../messages/format.ts';
import { t } from '../../messages/translate.ts';

/** Name and value of one thing known about a model. */
export interface Fact {
  label: string;
  value: string;
}

/** What the file itself says. */
export function headerFacts(header: ModelHeader): Fact[] {
  const known = (value: string | null): string => value ?? t('models.unknown');
  const number = (value: number | null): string => known(value === null ? null : formatNumber(value));
  return [
    { label: t('models.field.architecture'), value: header.architecture },
    {
      label: t('models.field.parameters'),
      value: known(header.parameterCount === null ? null : formatCount(header.parameterCount)),
    },
    { label: t('models.field.quantization'), value: known(header.quantization) },
    {
      label: t('models.field.context'),
      value: known(
        header.contextLength === null
          ? null
          : t('models.contextValue', { tokens: formatNumber(header.contextLength) }),
      ),
    },
    { label: t('models.field.layers'), value: number(header.layerCount) },
    { label: t('models.field.licence'), value: known(header.licence) },
    { label: t('models.field.size'), value: formatBytes(header.fileSizeBytes) },
  ];
}

/** The header, and where and since when Lapidary has it. */
export function modelFacts(model: Model): Fact[] {
  return [
    ...headerFacts(model.header),
    { label: t('models.field.placement'), value: t(`models.placement.${model.placement}`) },
    { label: t('models.field.added'), value: formatDate(model.addedAt) },
    { label: t('models.field.path'), value: model.path },
  ];
}

/** The quiet line under the name: "gemma3 · 4.3B parameters · Q4_K_M · sees 131,072 tokens". */
export function modelSummary({ header, speeds }: Model): string {
  const { parameterCount, contextLength } = header;
  return [
    header.architecture,
    parameterCount === null ? null : t('models.parametersValue', { value: formatCount(parameterCount) }),
    header.quantization,
    contextLength === null ? null : t('models.contextShort', { tokens: formatNumber(contextLength) }),
    measuredSpeed(speeds),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** How fast it was measured to write, at its fastest; null before a test. */
function measuredSpeed([fastest]: Model['speeds']): string | null {
  if (!fastest) return null;
  const rate = formatRate(fastest.generationTokensPerSecond);
  return t('speedTest.summary', { rate, backend: t(`engine.backend.${fastest.backend}`) });
}

/** What it takes and what there is, and what that means. */
export function memorySentence(need: MemoryNeed): { numbers: string; meaning: string; fits: boolean } {
  const fits = need.totalBytes <= need.freeBytes;
  const values = { needed: formatBytes(need.totalBytes), free: formatBytes(need.freeBytes) };
  return {
    numbers: t('models.addDialog.memory', values),
    meaning: t(fits ? 'models.addDialog.memoryFits' : 'models.addDialog.memoryShort'),
    fits,
  };
}
