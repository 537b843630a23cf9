// Asks for a part of a file and judges what came: the part, the whole, a refusal, or something that does not fit.
import { hubError } from '../../hub/hub-error.ts';
import type { ResolvedFile } from '../../hub/hub-types.ts';
import type { HttpClient, HttpResponse } from '../../network/http-types.ts';
import type { Claim } from './block-map.ts';

export interface RangeQuestion {
  link: ResolvedFile;
  claim: Claim;
  /** Of an earlier answer to the same link. */
  etag: string | null;
  /** The server has answered ranges wrongly before. */
  withoutRange: boolean;
}

/** `changed`: not the bytes of the link any more. `odd`: an answer to another question. `refused`: the link is no good. */
export type RangeVerdict =
  { kind: 'part'; end: number } | { kind: 'whole' } | { kind: 'changed' | 'odd' | 'refused' };

export type RangeAnswer = RangeVerdict & { response: HttpResponse };

/** @throws AppError of the client; hub-rate-limited (seconds), hub-unavailable (status). */
export async function askRange(
  http: HttpClient,
  { link, claim, etag, withoutRange }: RangeQuestion,
  signal: AbortSignal,
): Promise<RangeAnswer> {
  const range = {
    range: `bytes=${claim.start}-${claim.end - 1}`,
    ...(etag !== null && { 'if-range': etag }),
  };
  const response = await http.request(link.url, {
    reason: 'download',
    redirect: 'follow',
    token: link.token,
    headers: withoutRange ? {} : range,
    signal,
  });
  try {
    return { ...judge(response, { claim, etag, sizeBytes: link.sizeBytes }), response };
  } catch (error) {
    response.discard();
    throw error;
  }
}

export function judge(
  { status, headers, url }: Pick<HttpResponse, 'status' | 'headers' | 'url'>,
  { claim, etag, sizeBytes }: { claim: Claim; etag: string | null; sizeBytes: number },
): RangeVerdict {
  if (status === 429 || status === 408 || status >= 500) {
    throw hubError({ status, headers, url }, { withToken: false });
  }
  const otherTag = etag !== null && headers['etag'] !== undefined && headers['etag'] !== etag;
  if (status === 200) {
    const length = headers['content-length'];
    const otherSize = length !== undefined && Number(length) !== sizeBytes;
    return { kind: otherTag || otherSize ? 'changed' : 'whole' };
  }
  if (status === 206)
    return otherTag ? { kind: 'changed' } : judgeRange(headers['content-range'], claim, sizeBytes);
  return { kind: status === 416 ? 'changed' : 'refused' };
}

function judgeRange(header: string | undefined, claim: Claim, sizeBytes: number): RangeVerdict {
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header ?? '') ?? [];
  if (total !== undefined && total !== '*' && Number(total) !== sizeBytes) return { kind: 'changed' };
  const end = Number(last) + 1;
  if (Number(first) !== claim.start || !(end > claim.start)) return { kind: 'odd' };
  return { kind: 'part', end: Math.min(end, claim.end) };
}

/** An ETag that stands for exactly these bytes; weak ones do not. */
export function strongEtag({ headers }: HttpResponse): string | null {
  const etag = headers['etag'];
  return etag?.startsWith('"') ? etag : null;
}
