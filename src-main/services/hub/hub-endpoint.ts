// Where models come from: Hugging Face, or a mirror that the person or the environment named.
import { isLoopback } from '#contract/settings.ts';

/** The one place that knows tokens. */
export const HUGGING_FACE = 'https://huggingface.co';

export interface HubEndpoint {
  /** Without a slash at its end; may have a path. */
  address: string;
  mirror: boolean;
  /** A mirror is somebody else: it never gets the token, unless it runs on this very machine. */
  takesToken: boolean;
}

/** `mirror` is the setting, '' when there is none. What is no address is passed over. */
export function hubEndpoint(mirror: string, environment: Record<string, string | undefined>): HubEndpoint {
  const wanted = [mirror, environment['HF_ENDPOINT'] ?? ''].find(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
  );
  const url = new URL(wanted ?? HUGGING_FACE);
  const isHub = url.origin === HUGGING_FACE;
  return {
    address: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    mirror: !isHub,
    takesToken: isHub || isLoopback(url),
  };
}
