// What a person types, as the pattern of a LIKE with ESCAPE '\\': its own signs are only signs there.

export function likePattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
