// Stands in for handlers while the Models place is being built; goes away with the last of them.
import { AppError } from '#contract/errors.ts';

export function notBuiltYet(): never {
  throw new AppError('unavailable-here', 'Not built yet');
}

// oxlint-disable-next-line require-yield
export async function* notStreamedYet(): AsyncGenerator<never> {
  notBuiltYet();
}
